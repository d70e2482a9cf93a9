package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.checkpoint.FullDiskRun;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.model.ModelConfig;

/** What can go wrong is said clearly, and costs nothing that was there before. */
class TrainingFailureTest {
  @TempDir Path folder;

  @Test
  void aFullDiskLeavesTheLastGoodCheckpoint() throws IOException {
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(20)
            .withPlans(new ValidationPlan(100, 100), new CheckpointPlan(5, 0, 2), 1);
    training.start(folder.resolve("whole"));
    long oneCheckpoint = size(folder.resolve("whole/checkpoints/step-00000020"));
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () -> {
              try (RunDirectory run =
                  FullDiskRun.create(
                      folder.resolve("full"),
                      new byte[] {'\n'},
                      training.config().checkpoints().retention(),
                      oneCheckpoint * 5 / 2)) {
                training.start(run, recorder, new StopSignal());
              }
            });

    assertTrue(
        e.getMessage().startsWith("the checkpoint of step 15 (")
            && e.getMessage().contains("No space left on device"),
        e::getMessage);
    assertEquals(
        List.of(5L, 10L),
        recorder.of(TrainingEvent.Saved.class).stream().map(TrainingEvent.Saved::step).toList());
    assertEquals(20, training.resume(folder.resolve("full")).step());
    RunFiles.assertSame(folder.resolve("whole"), folder.resolve("full"));
    RunFiles.assertEachStepOnce(folder.resolve("full"), 20, SmallTraining.TOKENS_PER_EPOCH_STEP);
  }

  @Test
  void tooLittleTextIsRefusedBeforeAnythingIsMade() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    SmallTraining.writeText(training.data(), 30);

    DataException e = assertThrows(DataException.class, () -> prepare(training));

    assertTrue(e.getMessage().contains("is too small for one batch"), e::getMessage);
  }

  @Test
  void tooLittleHeldOutTextIsRefusedBeforeAnythingIsMade() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    SmallTraining.writeText(training.data(), 100); // of which 90 suffice to train, and 5 are left

    DataException e = assertThrows(DataException.class, () -> prepare(training));

    assertTrue(e.getMessage().contains("valid"), e::getMessage);
    assertTrue(e.getMessage().contains("is too small for one batch"), e::getMessage);
  }

  @Test
  void heldOutTextMayBeTooShortForAllStreams() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(10);
    SmallTraining.writeText(training.data(), 400); // 20 bytes held out: two streams of 8 + 1
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    training.start(folder.resolve("run"), recorder, new StopSignal());

    assertEquals(16, recorder.of(TrainingEvent.Validated.class).getFirst().result().tokens());
  }

  @Test
  void aModelTooLargeForTheMachineIsRefusedWithWhatItNeeds() {
    ModelConfig small = SmallTraining.model();
    SmallTraining training =
        SmallTraining.in(folder)
            .withModel(
                new ModelConfig(
                    small.vocabulary(),
                    1 << 16,
                    16,
                    small.heads(),
                    small.headSize(),
                    new DenseConfig(1 << 22),
                    small.context(),
                    small.memory(),
                    small.dropout()));

    EngineException e = assertThrows(EngineException.class, () -> prepare(training));

    assertTrue(e.getMessage().startsWith("Not enough memory: "), e::getMessage);
    // 16 layers of 2 * 2^38 weights, each with two moments, 4 bytes a number
    assertTrue(e.getMessage().contains("Training takes "), e::getMessage);
    assertTrue(e.getMessage().contains(" for parameters and optimiser"), e::getMessage);
  }

  @Test
  void aFolderInUseIsRefused() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(2);
    try (RunDirectory held = training.create(folder.resolve("run"))) {
      assertFalse(Files.exists(held.layout().metrics()));
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> training.resume(folder.resolve("run")));
      assertTrue(e.getMessage().contains("is in use"), e::getMessage);
    }
  }

  private static void prepare(SmallTraining training) {
    try (Corpus corpus = training.openCorpus();
        Engine engine = training.openEngine()) {
      Trainer.prepare(training.config(), corpus, engine).close();
    }
  }

  private static long size(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
