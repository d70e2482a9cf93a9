package org.sigmoe.nn.layer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.sigmoe.nn.engine.Engine;

/** A part of a model that has parameters. */
public interface Layer {

  /** Its parameters, in the order in which checkpoints list them. */
  List<Parameter> parameters();

  /**
   * Writes the initial contents of all parameters.
   *
   * @param engine holds them
   * @param seed the same seed gives the same contents
   */
  default void initialise(Engine engine, long seed) {
    for (Parameter parameter : parameters()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), Float.BYTES);
        parameter.initialise(seed, elements);
        engine.write(parameter.variable(), elements);
      }
    }
  }

  /** Number of elements of all parameters together. */
  default long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().elements()).sum();
  }
}
