package org.sigmoe.cli.output;

import java.util.Locale;
import org.sigmoe.xl.checkpoint.TrainingState.BestValidation;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.train.TrainingEvent;

/** What happens in a training, in one line each. */
final class TrainingText {
  private TrainingText() {}

  static String started(TrainingEvent.Started event) {
    return event.step() == 0
        ? "training for %s steps".formatted(Units.count(event.steps()))
        : "going on at step %s of %s"
            .formatted(Units.count(event.step()), Units.count(event.steps()));
  }

  static String step(TrainingEvent.StepDone event) {
    String steps = Units.count(event.steps());
    return "step %*s/%s  %s tokens  %s bits/token  %s tokens/s  %s left  lr %s  gradient %s"
        .replace("*", Integer.toString(steps.length()))
        .formatted(
            Units.count(event.step()),
            steps,
            Units.large(event.tokensSeen()),
            Units.bits(event.bitsPerToken()),
            Units.count(Math.round(event.tokensPerSecond())),
            Units.duration(event.timeLeft()),
            String.format(Locale.ROOT, "%.2e", event.learningRate()),
            String.format(Locale.ROOT, "%.2f", event.gradientNorm()));
  }

  static String validating(TrainingEvent.Validating event) {
    return "validating after step %s  %d%%"
        .formatted(Units.count(event.step()), 100 * event.soFar().tokens() / event.totalTokens());
  }

  static String validated(TrainingEvent.Validated event) {
    EvaluationResult result = event.result();
    BestValidation best = event.best();
    return "validation at step %s: %s bits/token, perplexity %s, %s tokens; %s"
        .formatted(
            Units.count(event.step()),
            Units.bits(result.bitsPerToken()),
            String.format(Locale.ROOT, "%.3f", result.perplexity()),
            Units.count(result.tokens()),
            event.isBest()
                ? "the best so far"
                : "the best is %s at step %s"
                    .formatted(Units.bits(best.loss() / Math.log(2)), Units.count(best.step())));
  }

  static String saved(TrainingEvent.Saved event) {
    return "saved " + event.folder();
  }
}
