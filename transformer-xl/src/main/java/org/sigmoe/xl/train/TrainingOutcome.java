package org.sigmoe.xl.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.sigmoe.xl.checkpoint.TrainingState.BestValidation;

/**
 * How a training ended, other than by an exception.
 *
 * @param ending why
 * @param step steps done
 * @param tokensSeen tokens trained on in these steps
 * @param checkpoint the checkpoint of that step
 * @param best the best validation of the run; empty if there was none
 * @param elapsed time spent in training since the run began, stops not counted
 */
public record TrainingOutcome(
    Ending ending,
    long step,
    long tokensSeen,
    Path checkpoint,
    Optional<BestValidation> best,
    Duration elapsed) {

  /** Why a training ended. */
  public enum Ending {
    /** All steps are done. */
    COMPLETED,
    /** It was asked to stop, and can be resumed. */
    STOPPED,
    /** The time that it was given is over; it can be resumed. */
    TIME_OVER
  }
}
