package org.sigmoe.xl.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.checkpoint.SavedCheckpoint;
import org.sigmoe.xl.checkpoint.TrainingState;
import org.sigmoe.xl.checkpoint.TrainingState.BestValidation;
import org.sigmoe.xl.data.BatchStream;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.Metrics;

/**
 * The steps of a training one after the other, with what is due after each: a report, a validation,
 * a checkpoint, in this order.
 *
 * <p>What is due depends on the number of the step alone (but for checkpoints by time, which change
 * nothing else), and so does all that a checkpoint holds: a run that was killed does again what it
 * had done since its newest checkpoint, and comes to the same.
 */
final class TrainingLoop {
  private static final Metric AUXILIARY_LOSS = new Metric("auxiliaryLoss", "train/auxiliary_loss");

  /** What a training runs on, whichever run it is for. */
  record Machinery(
      TrainingConfig config,
      Engine engine,
      TrainingStep step,
      Validator validator,
      TrainingVariables.Copy copy,
      RunFingerprint fingerprint,
      LongSupplier nanoTime) {}

  /**
   * Where a training begins.
   *
   * @param step steps done
   * @param tokensSeen tokens trained on in them
   * @param best the best validation of these steps; null if there was none
   * @param checkpoint the checkpoint of this step; null if there is none
   */
  record Beginning(
      long step, long tokensSeen, @Nullable BestValidation best, @Nullable Path checkpoint) {
    static final Beginning NEW = new Beginning(0, 0, null, null);
  }

  private final TrainingConfig config;
  private final Machinery machinery;
  private final RunDirectory run;
  private final RunMetrics metrics;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final Pace pace;
  private final long firstStep;
  private final EarlyWarnings warnings;
  private long done;
  private long tokensSeen;
  private @Nullable BestValidation best;
  private @Nullable Path newestCheckpoint;

  /** Steps done when the newest checkpoint was saved, and when that was; -1 if there is none. */
  private long savedStep;

  private long savedNanos;

  TrainingLoop(
      Machinery machinery,
      RunDirectory run,
      RunMetrics metrics,
      TrainingListener listener,
      StopSignal stop,
      Beginning beginning)
      throws IOException {
    this.config = machinery.config();
    this.machinery = machinery;
    this.run = run;
    this.metrics = metrics;
    this.listener = listener;
    this.stop = stop;
    this.pace = new Pace(machinery.nanoTime(), beginning.step(), metrics.elapsedSeconds());
    this.firstStep = beginning.step();
    this.warnings = EarlyWarnings.after(metrics);
    this.done = beginning.step();
    this.tokensSeen = beginning.tokensSeen();
    this.best = beginning.best();
    this.newestCheckpoint = beginning.checkpoint();
    this.savedStep = beginning.checkpoint() == null ? -1 : beginning.step();
    this.savedNanos = machinery.nanoTime().getAsLong();
  }

  /** Trains until all steps are done or a stop is asked for; the last step is in a checkpoint. */
  TrainingOutcome run() throws IOException {
    listener.on(new TrainingEvent.Started(done, config.steps()));
    while (done < config.steps() && !stop.requested()) {
      machinery.step().run(done);
      done++;
      tokensSeen += config.tokensPerStep();
      if (due(config.logEvery())) {
        report();
      }
      OptionalDouble loss =
          due(config.validation().everySteps()) ? validate() : OptionalDouble.empty();
      if (checkpointDue()) {
        save(loss);
      }
    }
    if (savedStep != done) {
      save(OptionalDouble.empty());
    }
    return new TrainingOutcome(
        ending(),
        done,
        tokensSeen,
        run.checkpoints().folderOf(done),
        Optional.ofNullable(best),
        pace.elapsed());
  }

  private TrainingOutcome.Ending ending() {
    if (done >= config.steps()) {
      return TrainingOutcome.Ending.COMPLETED;
    }
    return stop.asked() ? TrainingOutcome.Ending.STOPPED : TrainingOutcome.Ending.TIME_OVER;
  }

  private boolean due(long everySteps) {
    return done % everySteps == 0 || done == config.steps();
  }

  private boolean checkpointDue() {
    CheckpointPlan plan = config.checkpoints();
    return done == config.steps()
        || (best != null && best.step() == done)
        || (plan.everySteps() > 0 && done % plan.everySteps() == 0)
        || (plan.everySeconds() > 0
            && machinery.nanoTime().getAsLong() - savedNanos
                >= Duration.ofSeconds(plan.everySeconds()).toNanos());
  }

  private void report() throws IOException {
    double loss = finite(machinery.step().loss(), "loss");
    double gradientNorm = finite(machinery.step().gradientNorm(), "gradient norm");
    OptionalDouble auxiliaryLoss = machinery.step().auxiliaryLoss();
    double learningRate = config.learningRate().at(done - 1);
    double tokensPerSecond = pace.stepsPerSecond(done) * config.tokensPerStep();
    Duration elapsed = pace.elapsed();
    Metrics record =
        Metrics.at(done)
            .with(Metric.TOKENS_SEEN, tokensSeen)
            .withLoss(loss)
            .with(Metric.LEARNING_RATE, learningRate)
            .with(Metric.GRADIENT_NORM, gradientNorm)
            .with(Metric.TOKENS_PER_SECOND, tokensPerSecond)
            .with(Metric.ELAPSED_SECONDS, seconds(elapsed));
    metrics.write(
        auxiliaryLoss.isPresent()
            ? record.with(AUXILIARY_LOSS, auxiliaryLoss.getAsDouble())
            : record);
    listener.on(
        new TrainingEvent.StepDone(
            done,
            config.steps(),
            tokensSeen,
            loss,
            auxiliaryLoss,
            tokensPerSecond,
            learningRate,
            gradientNorm,
            elapsed,
            pace.timeLeft(done, config.steps())));
    warnings.ofStep(done, loss, gradientNorm).forEach(this::warn);
  }

  /** Validates; returns the loss. */
  private OptionalDouble validate() throws IOException {
    requireFiniteStep();
    pace.pause();
    ModelAnalysis analysis =
        machinery
            .validator()
            .validate(
                (total, soFar) -> listener.on(new TrainingEvent.Validating(done, total, soFar)));
    EvaluationResult result = analysis.result();
    pace.resume();
    double loss = finite(result.loss(), "validation loss");
    if (best == null || loss < best.loss()) {
      best = new BestValidation(done, loss);
    }
    metrics.write(
        ExpertWatch.add(
            Metrics.at(done)
                .with(Metric.TOKENS_SEEN, tokensSeen)
                .withValidationLoss(loss)
                .with(Metric.ELAPSED_SECONDS, seconds(pace.elapsed())),
            analysis));
    listener.on(new TrainingEvent.Validated(done, result, best));
    warnings.ofValidation(done, analysis).ifPresent(this::warn);
    return OptionalDouble.of(loss);
  }

  /**
   * Saves a checkpoint, unless the model has come to be of no use.
   *
   * @param validationLoss of this step, if it was validated
   */
  private void save(OptionalDouble validationLoss) throws IOException {
    pace.pause();
    requireFiniteStep();
    if (validationLoss.isEmpty()) {
      finite(machinery.validator().probe(), "loss on held-out text");
    }
    metrics.force();
    BatchStream.Position position = machinery.step().position();
    TrainingState state =
        new TrainingState(
            done,
            tokensSeen,
            new TrainingState.DataPosition(position.epoch(), position.block()),
            new TrainingState.DropoutPosition(config.seed(), done),
            validationLoss.isPresent() ? validationLoss.getAsDouble() : null,
            best,
            machinery.fingerprint().toString());
    SavedCheckpoint saved = run.save(state, machinery.copy().take(machinery.engine()));
    newestCheckpoint = saved.folder();
    savedStep = done;
    savedNanos = machinery.nanoTime().getAsLong();
    pace.resume();
    saved.warnings().forEach(this::warn);
    listener.on(new TrainingEvent.Saved(done, saved.folder()));
  }

  private void warn(String text) {
    listener.on(new TrainingEvent.Warning(text));
  }

  /** Requires the step just done, if there is one, to have had a finite loss and gradient. */
  private void requireFiniteStep() {
    if (done > firstStep) {
      finite(machinery.step().loss(), "loss");
      finite(machinery.step().gradientNorm(), "gradient norm");
    }
  }

  private double finite(double value, String what) {
    if (Double.isFinite(value)) {
      return value;
    }
    String saved =
        newestCheckpoint == null
            ? "No checkpoint was saved before; start again with a lower learning rate"
            : "The checkpoint of step %d (%s) is as it was; go on from it by --resume with a lower"
                    .formatted(savedStep, newestCheckpoint)
                + " learning rate";
    throw new DivergedException(
        "The %s of step %d is %s: training has diverged and was stopped. %s (it was %s)."
            .formatted(what, done, value, saved, config.learningRate().at(Math.max(0, done - 1))),
        done);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
