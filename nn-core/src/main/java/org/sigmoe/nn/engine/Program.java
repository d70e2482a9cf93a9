package org.sigmoe.nn.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.graph.Value;

/**
 * A compiled graph. One run: {@link #feed} every input (contents stay from run to run until fed
 * again), {@link #run}, {@link #fetch} outputs.
 */
public interface Program extends AutoCloseable {

  /**
   * Sets an input.
   *
   * @param input an input of the graph
   * @param data row-major elements in native byte order, of exactly the input's bytes
   */
  void feed(Value input, MemorySegment data);

  /**
   * Sets an input of floats. Copies: a loop that is to make no garbage feeds a segment of its own.
   *
   * @param input an input of the graph
   * @param elements row-major, as many as the input has
   */
  default void feed(Value input, float... elements) {
    try (Arena arena = Arena.ofConfined()) {
      feed(input, arena.allocateFrom(ValueLayout.JAVA_FLOAT, elements));
    }
  }

  /**
   * Sets an input of integers. Copies, as for floats.
   *
   * @param input an input of the graph
   * @param elements row-major, as many as the input has
   */
  default void feed(Value input, int... elements) {
    try (Arena arena = Arena.ofConfined()) {
      feed(input, arena.allocateFrom(ValueLayout.JAVA_INT, elements));
    }
  }

  /** Runs all nodes and so updates the variables. */
  void run();

  /**
   * Gets an output of the last run.
   *
   * @param output a value that the graph marks as output
   * @param target room for exactly the output's bytes
   */
  void fetch(Value output, MemorySegment target);

  /**
   * Gets an output of floats of the last run.
   *
   * @param output a value that the graph marks as output
   * @return its elements, row-major
   */
  default float[] fetchFloats(Value output) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(output.type().bytes(), Float.BYTES);
      fetch(output, target);
      return target.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** Bytes of working buffers, inputs and constants that this program holds, variables apart. */
  long bytes();

  @Override
  void close();
}
