package org.sigmoe.xl.model;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.Parameter;

/** The parameters of a model in a safetensors file, under the names of the paper's code. */
public final class Weights {
  /**
   * How often each hidden unit of a mixture was used: what the paper's code writes beside the
   * parameters.
   */
  private static final String USAGE_COUNTS = ".pkm.kv_sel_counts_100";

  private Weights() {}

  /** The variables that a file of weights holds. */
  public static List<Variable> variables(LanguageModel model) {
    return model.parameters().stream().map(Parameter::variable).toList();
  }

  /**
   * Reads all parameters of a model into an engine.
   *
   * @throws CheckpointException if the file is damaged or holds other tensors than the model's;
   *     names the first that differ, and the engine is as it was
   */
  public static void load(Path file, LanguageModel model, Engine engine)
      throws CheckpointException {
    StoredVariables.load(file, variables(model), engine);
  }

  /**
   * Reads parameters that the paper's code, or any other program, has written under these names,
   * into a copy of {@link #variables}. They may be of any floating-point type.
   *
   * @throws CheckpointException if the file is damaged, holds other tensors than the copy (names
   *     the first that differ) or a number that is not finite
   */
  public static void convert(Path file, StoredVariables copy) throws CheckpointException {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      reader.loadAsFloats(copy.tensors(), name -> name.endsWith(USAGE_COUNTS));
    }
    for (NamedTensor tensor : copy.tensors()) {
      requireFinite(file, tensor);
    }
  }

  private static void requireFinite(Path file, NamedTensor tensor) throws CheckpointException {
    for (long i = 0; i < tensor.spec().elementCount(); i++) {
      float element = tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (!Float.isFinite(element)) {
        throw new CheckpointException(
            "%s: element %d of %s is %s; such weights cannot be used"
                .formatted(file, i, tensor.name(), element));
      }
    }
  }
}
