package org.sigmoe.xl.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.sigmoe.xl.checkpoint.TrainingState.BestValidation;
import org.sigmoe.xl.eval.EvaluationResult;

/** What happens in a training. */
public sealed interface TrainingEvent {

  /**
   * Training begins or goes on.
   *
   * @param step steps done before; 0 for a new run
   * @param steps steps to be done in all
   */
  record Started(long step, long steps) implements TrainingEvent {}

  /**
   * A step was done of which a report is due.
   *
   * @param step steps done, this one included
   * @param steps steps to be done in all
   * @param tokensSeen tokens trained on in all steps that are done
   * @param loss mean negative log-likelihood of the step's tokens, in nats
   * @param auxiliaryLoss sum of the auxiliary losses of the feed-forward blocks, where they have
   *     any
   * @param tokensPerSecond trained tokens per second since the report before; validation and saving
   *     do not count
   * @param learningRate of this step
   * @param gradientNorm global norm of the gradients before clipping
   * @param elapsed time spent in training since the run began, stops not counted
   * @param timeLeft estimate, from the time that this process has spent, validation and saving
   *     included
   */
  record StepDone(
      long step,
      long steps,
      long tokensSeen,
      double loss,
      OptionalDouble auxiliaryLoss,
      double tokensPerSecond,
      double learningRate,
      double gradientNorm,
      Duration elapsed,
      Duration timeLeft)
      implements TrainingEvent {

    /** The loss in bits; with byte tokens, bits per byte. */
    public double bitsPerToken() {
      return loss / Math.log(2);
    }
  }

  /**
   * A validation is under way; sent after every batch of it.
   *
   * @param step steps done
   * @param totalTokens tokens to predict
   * @param soFar the result over those predicted until now
   */
  record Validating(long step, long totalTokens, EvaluationResult soFar) implements TrainingEvent {}

  /**
   * A validation is done.
   *
   * @param step steps done
   * @param result tokens, bits per token and perplexity
   * @param best the best validation of the run, this one included
   */
  record Validated(long step, EvaluationResult result, BestValidation best)
      implements TrainingEvent {

    /** Whether this is the best validation so far. */
    public boolean isBest() {
      return best.step() == step;
    }
  }

  /**
   * A checkpoint is on the device.
   *
   * @param step steps done
   * @param folder where it is
   */
  record Saved(long step, Path folder) implements TrainingEvent {}

  /**
   * Something that the user should know.
   *
   * @param text a sentence or more
   */
  record Warning(String text) implements TrainingEvent {}
}
