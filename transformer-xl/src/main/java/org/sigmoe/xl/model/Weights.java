package org.sigmoe.xl.model;

import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.Parameter;

/** The parameters of a model in a safetensors file, under the names of the paper's code. */
public final class Weights {
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
}
