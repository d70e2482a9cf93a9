package org.sigmoe.xl.checkpoint;

/** The tensor files of a checkpoint. */
public enum CheckpointFile {
  /** The weights, under the names that PyTorch loads them by. */
  MODEL("model.safetensors"),
  /** The optimiser's moments: {@code <weight>.exp_avg} and {@code <weight>.exp_avg_sq}. */
  OPTIMIZER("optimizer.safetensors"),
  /** Memory carried between segments, and what else of the engine a resumed run needs. */
  MEMORY("memory.safetensors");

  private final String fileName;

  CheckpointFile(String fileName) {
    this.fileName = fileName;
  }

  /** Returns the name of the file in the folder of a checkpoint. */
  public String fileName() {
    return fileName;
  }
}
