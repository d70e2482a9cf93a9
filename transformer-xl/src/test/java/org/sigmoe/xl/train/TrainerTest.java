package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;

class TrainerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void theLossFallsFarBelowThatOfGuessing(String engine) throws IOException {
    SmallTraining training = SmallTraining.in(folder).on(engine).withLearningRate(0.01);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    training.start(folder.resolve("run"), recorder, new StopSignal());

    List<TrainingEvent.StepDone> steps = recorder.of(TrainingEvent.StepDone.class);
    assertEquals(Math.log(256), steps.getFirst().loss(), 0.5);
    assertTrue(steps.getLast().loss() < 2.5, () -> "loss " + steps.getLast().loss());
    assertEquals(steps.getLast().loss() / Math.log(2), steps.getLast().bitsPerToken(), 1e-12);
  }

  @Test
  void eventsComeInTheOrderReportValidationCheckpoint() throws IOException {
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(7)
            .withPlans(new ValidationPlan(4, 1), new CheckpointPlan(3, 0, 2), 2);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    TrainingOutcome outcome = training.start(folder.resolve("run"), recorder, new StopSignal());

    assertEquals(
        List.of(
            "started 0",
            "step 2",
            "saved 3",
            "step 4",
            "validating 4",
            "validated 4 best",
            "saved 4",
            "step 6",
            "saved 6",
            "step 7",
            "validating 7",
            "validated 7 best",
            "saved 7"),
        recorder.names());
    assertEquals(TrainingOutcome.Ending.COMPLETED, outcome.ending());
    assertEquals(7, outcome.step());
    assertEquals(7, outcome.best().orElseThrow().step());
    assertTrue(Files.isDirectory(outcome.checkpoint()), outcome.checkpoint().toString());
  }

  @Test
  void theCheckpointOfTheBestValidationStays() throws IOException {
    // a rate at which the model is soon worse on held-out text than it was
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(24)
            .withLearningRate(0.2)
            .withPlans(new ValidationPlan(2, 100), new CheckpointPlan(2, 0, 1), 1);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    TrainingOutcome outcome = training.start(folder.resolve("run"), recorder, new StopSignal());

    long best = outcome.best().orElseThrow().step();
    assertTrue(best < 24, "this test needs a training whose last step is not its best");
    double lowest =
        recorder.of(TrainingEvent.Validated.class).stream()
            .mapToDouble(v -> v.result().loss())
            .min()
            .orElseThrow();
    assertEquals(lowest, outcome.best().orElseThrow().loss());
    try (var checkpoints = Files.list(folder.resolve("run/checkpoints"))) {
      assertEquals(
          List.of("step-%08d".formatted(best), "step-00000024"),
          checkpoints.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void validationLeavesTheTrainingAsItIs() throws IOException {
    SmallTraining often = SmallTraining.in(folder).withSteps(25);
    often = often.withPlans(new ValidationPlan(1, 1000), new CheckpointPlan(0, 0, 1), 1);
    SmallTraining seldom =
        often.withPlans(new ValidationPlan(1000, 1000), new CheckpointPlan(0, 0, 1), 1);

    SmallTraining.Recorder validated = new SmallTraining.Recorder();
    often.start(folder.resolve("often"), validated, new StopSignal());
    SmallTraining.Recorder plain = new SmallTraining.Recorder();
    seldom.start(folder.resolve("seldom"), plain, new StopSignal());

    assertEquals(losses(plain), losses(validated));
  }

  @Test
  void checkpointsByTimeFollowTheStepAfterWhichTheTimeIsOver() throws IOException {
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(9)
            .withPlans(new ValidationPlan(100, 100), new CheckpointPlan(0, 10, 2), 1);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    AtomicLong nanos = new AtomicLong();
    TrainingListener fourSecondsAStep =
        event -> {
          recorder.on(event);
          if (event instanceof TrainingEvent.StepDone) {
            nanos.addAndGet(4_000_000_000L);
          }
        };

    try (Corpus corpus = training.openCorpus();
        Engine engine = training.openEngine();
        Trainer trainer = Trainer.prepare(training.config(), corpus, engine, nanos::get);
        RunDirectory run = training.create(folder.resolve("run"))) {
      trainer.start(run, fourSecondsAStep, new StopSignal());
    }

    assertEquals(
        List.of(3L, 6L, 9L),
        recorder.of(TrainingEvent.Saved.class).stream().map(TrainingEvent.Saved::step).toList());
  }

  @Test
  void aReportTellsSpeedAndTimeLeft() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(4);
    AtomicLong nanos = new AtomicLong();
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    try (Corpus corpus = training.openCorpus();
        Engine engine = training.openEngine();
        Trainer trainer =
            Trainer.prepare(
                training.config(), corpus, engine, () -> nanos.addAndGet(500_000_000L));
        RunDirectory run = training.create(folder.resolve("run"))) {
      trainer.start(run, recorder, new StopSignal());
    }

    for (TrainingEvent.StepDone step : recorder.of(TrainingEvent.StepDone.class)) {
      assertTrue(step.tokensPerSecond() > 0 && step.tokensPerSecond() <= 64, step.toString());
      assertTrue(step.elapsed().toMillis() >= 500 * step.step(), step.toString());
      assertEquals(step.step() == 4, step.timeLeft().isZero(), step.toString());
    }
  }

  @Test
  void stoppingFinishesTheStepAndSaves() throws IOException {
    SmallTraining training = SmallTraining.in(folder);

    TrainingOutcome outcome = training.startAndStopAt(folder.resolve("run"), 3);

    assertEquals(TrainingOutcome.Ending.STOPPED, outcome.ending());
    assertEquals(3, outcome.step());
    assertEquals(folder.resolve("run/checkpoints/step-00000003"), outcome.checkpoint());
    assertTrue(Files.exists(outcome.checkpoint().resolve("state.json")));
  }

  @Test
  void stoppingBeforeTheFirstStepSavesTheBeginning() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    StopSignal stop = new StopSignal();
    stop.request();

    TrainingOutcome outcome = training.start(folder.resolve("run"), TrainingListener.NONE, stop);

    assertEquals(0, outcome.step());
    assertTrue(Files.exists(outcome.checkpoint().resolve("model.safetensors")));
  }

  @Test
  void aTrainerTrainsOnce() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(1);
    try (Corpus corpus = training.openCorpus();
        Engine engine = training.openEngine();
        Trainer trainer = Trainer.prepare(training.config(), corpus, engine);
        RunDirectory first = training.create(folder.resolve("first"));
        RunDirectory second = training.create(folder.resolve("second"))) {
      trainer.start(first, TrainingListener.NONE, new StopSignal());
      assertThrows(
          IllegalStateException.class,
          () -> trainer.start(second, TrainingListener.NONE, new StopSignal()));
    }
    assertFalse(Files.exists(folder.resolve("second/metrics.jsonl")));
  }

  private static List<Double> losses(SmallTraining.Recorder recorder) {
    return recorder.of(TrainingEvent.StepDone.class).stream()
        .map(TrainingEvent.StepDone::loss)
        .toList();
  }
}
