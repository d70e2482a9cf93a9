package org.sigmoe.xl.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are in the folder of a run.
 *
 * @param root the folder
 */
public record RunLayout(Path root) {

  /** Returns the configuration that the run was started with. */
  public Path config() {
    return root.resolve("config.yaml");
  }

  /** Returns the metrics as JSON lines. */
  public Path metrics() {
    return root.resolve("metrics.jsonl");
  }

  /** Returns what was shown to the user. */
  public Path log() {
    return root.resolve("log.txt");
  }

  /** Returns the folder of the checkpoints. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** Returns the file that the training process keeps locked. */
  Path lock() {
    return root.resolve("run.lock");
  }

  /** Returns whether there is anything of a run in the folder. */
  boolean holdsRun() {
    return Files.exists(config()) || Files.exists(checkpoints()) || Files.exists(metrics());
  }
}
