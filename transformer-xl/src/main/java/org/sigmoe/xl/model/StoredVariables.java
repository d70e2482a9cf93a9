package org.sigmoe.xl.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
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

  private final List<StoredTensor> stored;
  private final List<NamedTensor> tensors;

  /**
   * Makes room for a copy of the variables.
   *
   * @param arena owns the room
   */
  public StoredVariables(List<Variable> variables, Arena arena) {
    this(arena, StoredTensor.each(variables));
  }

  private StoredVariables(Arena arena, List<StoredTensor> stored) {
    this.stored = stored;
    this.tensors =
        stored.stream()
            .map(StoredTensor::spec)
            .map(spec -> new NamedTensor(spec, arena.allocate(spec.byteSize(), ALIGNMENT)))
            .toList();
  }

  /**
   * Makes room for a copy of variables that are kept in parts, each along its first dimension. In
   * the file they are whole.
   *
   * @param parts for each part its variables, the same of all parts but for their contents
   * @param arena owns the room
   */
  public static StoredVariables ofParts(List<List<Variable>> parts, Arena arena) {
    return new StoredVariables(arena, StoredTensor.ofParts(parts));
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
    for (int i = 0; i < stored.size(); i++) {
      MemorySegment data = tensors.get(i).data();
      stored.get(i).forEach((part, offset) -> engine.read(part, slice(data, offset, part)));
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
    loadTensors(file, StoredTensor.each(variables), engine);
  }

  /**
   * Copies all tensors of a file to variables that are kept in {@linkplain #ofParts parts}.
   *
   * @throws CheckpointException as {@link #load}
   */
  public static void loadParts(Path file, List<List<Variable>> parts, Engine engine)
      throws CheckpointException {
    loadTensors(file, StoredTensor.ofParts(parts), engine);
  }

  private static void loadTensors(Path file, List<StoredTensor> stored, Engine engine)
      throws CheckpointException {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      reader.requireSame(stored.stream().map(StoredTensor::spec).toList());
      for (StoredTensor tensor : stored) {
        MemorySegment inFile = reader.tensor(tensor.name()).data();
        tensor.forEach(
            (part, offset) -> {
              try (Arena arena = Arena.ofConfined()) {
                // a file aligns its tensors to nothing that an engine could count on
                MemorySegment aligned = arena.allocate(part.type().bytes(), ALIGNMENT);
                engine.write(part, aligned.copyFrom(slice(inFile, offset, part)));
              }
            });
      }
    }
  }

  private static MemorySegment slice(MemorySegment data, long offset, Variable part) {
    return data.asSlice(offset, part.type().bytes());
  }
}
