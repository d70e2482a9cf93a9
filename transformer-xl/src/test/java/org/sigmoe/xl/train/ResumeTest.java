package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.model.ModelConfig;

/** Going on with a run gives what it would have given had it not ended. */
class ResumeTest {
  @TempDir Path folder;

  // Not on the reference engine: its variables are doubles, and checkpoints keep floats.
  @Test
  void aStoppedRunGoesOnBitForBit() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    training.start(folder.resolve("whole"));

    // within the first epoch, at its end, at a validation, after many epochs, before the last step
    for (long stopAt : new long[] {3, 10, 20, 33, 39}) {
      Path parts = folder.resolve("stopped-at-" + stopAt);
      training.startAndStopAt(parts, stopAt);
      SmallTraining.Recorder recorder = new SmallTraining.Recorder();
      TrainingOutcome outcome = training.resume(parts, recorder, new StopSignal());

      assertEquals(TrainingOutcome.Ending.COMPLETED, outcome.ending());
      assertEquals("started " + stopAt, recorder.names().getFirst());
      assertEquals(finalCheckpoint("whole"), finalCheckpoint("stopped-at-" + stopAt));
      assertEquals(RunFiles.metrics(folder.resolve("whole")), RunFiles.metrics(parts));
      RunFiles.assertEachStepOnce(parts, 40, SmallTraining.TOKENS_PER_EPOCH_STEP);
    }
  }

  @Test
  void aFinishedRunIsLeftAsItIs() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(10);
    TrainingOutcome first = training.start(folder.resolve("run"));
    var before = RunFiles.checkpoints(folder.resolve("run"));

    TrainingOutcome second = training.resume(folder.resolve("run"));

    assertEquals(first.checkpoint(), second.checkpoint());
    assertEquals(first.best(), second.best());
    assertEquals(TrainingOutcome.Ending.COMPLETED, second.ending());
    assertEquals(before, RunFiles.checkpoints(folder.resolve("run")));
  }

  @Test
  void aFinishedRunCanBeGivenMoreSteps() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    training.withSteps(30).start(folder.resolve("whole"));

    training.withSteps(10).start(folder.resolve("parts"));
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    training.withSteps(30).resume(folder.resolve("parts"), recorder, new StopSignal());

    assertEquals(List.of(), recorder.of(TrainingEvent.Warning.class));
    RunFiles.assertSame(folder.resolve("whole"), folder.resolve("parts"));
  }

  @Test
  void aRunWithoutCheckpointBeginsAnew() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(6);
    training.start(folder.resolve("whole"));
    training.create(folder.resolve("killed")).close();
    Files.writeString(
        folder.resolve("killed/metrics.jsonl"), "{\"step\":1,\"loss\":5.5}\n{\"step\":2,\"lo");

    training.resume(folder.resolve("killed"));

    RunFiles.assertSame(folder.resolve("whole"), folder.resolve("killed"));
  }

  @Test
  void aDamagedNewestCheckpointIsPassedOverWithAWarning() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(12);
    training.start(folder.resolve("whole"));
    training.start(folder.resolve("damaged"));
    Path tensors = folder.resolve("damaged/checkpoints/step-00000012/optimizer.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);

    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    training.resume(folder.resolve("damaged"), recorder, new StopSignal());

    assertTrue(
        recorder.names().getFirst().startsWith("warning checkpoint step-00000012 is not used"),
        recorder.names()::toString);
    assertEquals("started 10", recorder.names().get(1));
    RunFiles.assertSame(folder.resolve("whole"), folder.resolve("damaged"));
  }

  @Test
  void aCheckpointOfAnotherModelIsRefusedByTensor() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(5);
    training.start(folder.resolve("run"));
    var before = RunFiles.checkpoints(folder.resolve("run"));
    ModelConfig m = SmallTraining.model();
    SmallTraining wider =
        training.withModel(
            new ModelConfig(
                m.vocabulary(),
                m.dModel(),
                m.layers(),
                m.heads(),
                m.headSize(),
                new DenseConfig(28),
                m.context(),
                m.memory(),
                m.dropout()));

    CheckpointException e =
        assertThrows(CheckpointException.class, () -> wider.resume(folder.resolve("run")));

    assertTrue(e.getMessage().contains("model.safetensors belongs to another model"));
    assertTrue(
        e.getMessage().contains("F32[28, 16] in the model, F32[24, 16] in the file"),
        e::getMessage);
    assertEquals(before, RunFiles.checkpoints(folder.resolve("run")));
  }

  @Test
  void otherDataIsRefused() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(5);
    training.start(folder.resolve("run"));
    Files.writeString(training.data(), Files.readString(training.data()).replace("dog", "cow"));

    DataException e =
        assertThrows(
            DataException.class, () -> training.withSteps(9).resume(folder.resolve("run")));

    assertTrue(e.getMessage().startsWith("The data is not what the run began with"), e::getMessage);
  }

  @Test
  void anotherLearningRateIsTakenWithAWarning() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(5);
    training.start(folder.resolve("run"));

    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    training
        .withSteps(6)
        .withLearningRate(1e-4)
        .resume(folder.resolve("run"), recorder, new StopSignal());

    assertEquals(1, recorder.of(TrainingEvent.Warning.class).size());
    assertEquals(1e-4, recorder.of(TrainingEvent.StepDone.class).getFirst().learningRate());
  }

  private List<String> finalCheckpoint(String run) throws IOException {
    return RunFiles.checkpoints(folder.resolve(run)).entrySet().stream()
        .filter(file -> file.getKey().startsWith("step-00000040"))
        .map(Object::toString)
        .toList();
  }
}
