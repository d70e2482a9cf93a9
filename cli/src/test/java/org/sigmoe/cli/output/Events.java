package org.sigmoe.cli.output;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.sigmoe.xl.checkpoint.TrainingState.BestValidation;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.train.TrainingEvent;

/** What may happen in a training. */
final class Events {
  private Events() {}

  static TrainingEvent.StepDone step(long step) {
    return new TrainingEvent.StepDone(
        step,
        3000,
        step * 4096,
        Math.log(2) * 1.5,
        OptionalDouble.empty(),
        9312.4,
        1.83e-3,
        0.718,
        Duration.ofSeconds(130),
        Duration.ofSeconds(204));
  }

  static TrainingEvent.Validated validated(long step, long bestStep) {
    return new TrainingEvent.Validated(
        step,
        new EvaluationResult(4096, 3, Math.log(4)),
        new BestValidation(bestStep, bestStep == step ? Math.log(4) : Math.log(2)));
  }

  static TrainingEvent.Saved saved(long step) {
    return new TrainingEvent.Saved(step, Path.of("run", "checkpoints", "step-" + step));
  }
}
