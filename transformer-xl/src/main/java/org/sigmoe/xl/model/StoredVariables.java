package org.sigmoe.xl.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.ElementType;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
import org.sigmoe.nn.checkpoint.TensorSpec;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Variable;

/**
 * Variables of an engine as tensors of a file, each under its own name, element type and shape.
 *
 * <p>The room to copy them to is made once, so that a save during training needs no memory that it
 * might not get.
 */
public final class StoredVariables {
  private static final long ALIGNMENT = 64;

  private final List<Variable> variables;
  private final List<NamedTensor> tensors;

  /**
   * Makes room for a copy of the variables.
   *
   * @param arena owns the room
   */
  public StoredVariables(List<Variable> variables, Arena arena) {
    this.variables = List.copyOf(variables);
    this.tensors =
        variables.stream()
            .map(v -> new NamedTensor(spec(v), arena.allocate(v.type().bytes(), ALIGNMENT)))
            .toList();
  }

  /** Bytes of a copy of variables. */
  public static long bytes(List<Variable> variables) {
    return variables.stream().mapToLong(variable -> variable.type().bytes()).sum();
  }

  /** The copy as it is now; before the first is taken, zeros. */
  public List<NamedTensor> tensors() {
    return tensors;
  }

  /** Copies the variables from an engine; the copy is overwritten by the next call. */
  public List<NamedTensor> read(Engine engine) {
    for (int i = 0; i < variables.size(); i++) {
      engine.read(variables.get(i), tensors.get(i).data());
    }
    return tensors;
  }

  /**
   * Copies all tensors of a file to the variables of an engine.
   *
   * @throws CheckpointException if the file is damaged or holds other tensors than these; names the
   *     first that differ, and the engine is as it was
   */
  public static void load(Path file, List<Variable> variables, Engine engine)
      throws CheckpointException {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      reader.requireSame(variables.stream().map(StoredVariables::spec).toList());
      for (Variable variable : variables) {
        MemorySegment inFile = reader.tensor(variable.name()).data();
        try (Arena arena = Arena.ofConfined()) {
          // a file aligns its tensors to nothing that an engine could count on
          MemorySegment aligned = arena.allocate(inFile.byteSize(), ALIGNMENT);
          engine.write(variable, aligned.copyFrom(inFile));
        }
      }
    }
  }

  private static TensorSpec spec(Variable variable) {
    ElementType type =
        switch (variable.type().dtype()) {
          case F32 -> ElementType.F32;
          case I32 -> ElementType.I32;
        };
    return TensorSpec.of(variable.name(), type, variable.shape().toLongs());
  }
}
