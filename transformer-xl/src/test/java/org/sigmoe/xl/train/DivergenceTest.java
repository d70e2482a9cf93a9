package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learning rate that no model survives: training stops, and what was saved before stays. */
class DivergenceTest {
  private static final double ABSURD = 1e30;

  @TempDir Path folder;

  @Test
  void aLossThatIsNoNumberStopsTrainingAndSavesNothing() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(5);
    training.start(folder.resolve("run"));
    var good = RunFiles.checkpoints(folder.resolve("run"));
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    DivergedException e =
        assertThrows(
            DivergedException.class,
            () ->
                training
                    .withSteps(40)
                    .withLearningRate(ABSURD)
                    .resume(folder.resolve("run"), recorder, new StopSignal()));

    assertTrue(e.step() == 6 || e.step() == 7, () -> "step " + e.step());
    assertTrue(
        e.getMessage().startsWith("The loss of step %d is ".formatted(e.step())), e::getMessage);
    assertTrue(e.getMessage().contains("The checkpoint of step 5 ("), e::getMessage);
    assertTrue(
        e.getMessage()
            .contains(
                "is as it was; go on from it by --resume with a lower learning rate (it was"
                    + " 1.0E30)."),
        e::getMessage);
    assertEquals(0, recorder.of(TrainingEvent.Saved.class).size());
    assertEquals(good, RunFiles.checkpoints(folder.resolve("run")));

    TrainingOutcome lower = training.withSteps(8).resume(folder.resolve("run"));
    assertEquals(8, lower.step());
  }

  @Test
  void weightsThatGiveNoFiniteLossAreNotSavedEvenIfTheStepItselfHadOne() {
    // the first step's loss is that of the initial weights; what it makes of them is of no use
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(10)
            .withLearningRate(ABSURD)
            .withPlans(new ValidationPlan(100, 100), new CheckpointPlan(1, 0, 2), 1);

    DivergedException e =
        assertThrows(DivergedException.class, () -> training.start(folder.resolve("run")));

    assertEquals(1, e.step());
    assertTrue(e.getMessage().startsWith("The loss on held-out text of step 1 is "));
    assertTrue(e.getMessage().contains("No checkpoint was saved before"), e::getMessage);
    assertFalse(Files.exists(folder.resolve("run/checkpoints")));
  }

  @Test
  void divergenceBetweenReportsIsFoundBeforeACheckpoint() {
    SmallTraining training =
        SmallTraining.in(folder)
            .withLearningRate(ABSURD)
            .withPlans(new ValidationPlan(1000, 100), new CheckpointPlan(7, 0, 2), 1000);

    DivergedException e =
        assertThrows(DivergedException.class, () -> training.start(folder.resolve("run")));

    assertEquals(7, e.step());
  }

  @Test
  void divergenceBetweenReportsIsFoundBeforeAValidation() {
    SmallTraining training =
        SmallTraining.in(folder)
            .withLearningRate(ABSURD)
            .withPlans(new ValidationPlan(6, 100), new CheckpointPlan(0, 0, 2), 1000);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    assertThrows(
        DivergedException.class,
        () -> training.start(folder.resolve("run"), recorder, new StopSignal()));

    assertEquals(0, recorder.of(TrainingEvent.Validating.class).size());
  }
}
