package org.sigmoe.xl.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint to go on from.
 *
 * @param checkpoint the checkpoint; null if the run has saved none yet
 * @param warnings what is wrong with each checkpoint that would have been chosen before it, for the
 *     user to see; empty if it is the one expected
 */
public record CheckpointChoice(@Nullable Checkpoint checkpoint, List<String> warnings) {

  /** Copies the warnings. */
  public CheckpointChoice {
    warnings = List.copyOf(warnings);
  }
}
