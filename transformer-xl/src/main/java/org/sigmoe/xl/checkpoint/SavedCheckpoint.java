package org.sigmoe.xl.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint that was saved.
 *
 * @param folder where it is
 * @param warnings older checkpoints that could not be deleted, and why, for the user to see
 */
public record SavedCheckpoint(Path folder, List<String> warnings) {

  /** Copies the warnings. */
  public SavedCheckpoint {
    warnings = List.copyOf(warnings);
  }
}
