package org.sigmoe.xl.model;

import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;

/** The parameters of a model in a safetensors file, under the names of the paper's code. */
public final class Weights {
  private Weights() {}

  /**
   * Reads all parameters of a model into an engine.
   *
   * @throws CheckpointException if the file is damaged or holds other tensors than the model's;
   *     names the first that differ, and the engine is as it was
   */
  public static void load(Path file, LanguageModel model, Engine engine)
      throws CheckpointException {
    throw new UnsupportedOperationException();
  }
}
