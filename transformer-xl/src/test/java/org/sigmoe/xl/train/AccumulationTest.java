package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.model.ModelConfig;

/** Trainings that process their batch in parts. */
class AccumulationTest {
  private static final ModelConfig MODEL = SmallTraining.model();
  private static final ModelConfig WITHOUT_DROPOUT =
      new ModelConfig(
          MODEL.vocabulary(),
          MODEL.dModel(),
          MODEL.layers(),
          MODEL.heads(),
          MODEL.headSize(),
          MODEL.feedForward(),
          MODEL.context(),
          MODEL.memory(),
          0);

  @TempDir Path folder;

  @Test
  void aStoppedRunGoesOnBitForBit() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(20).accumulating(2);
    training.start(folder.resolve("whole"));

    training.startAndStopAt(folder.resolve("parts"), 13);
    training.resume(folder.resolve("parts"));

    assertEquals(
        RunFiles.metrics(folder.resolve("whole")), RunFiles.metrics(folder.resolve("parts")));
    assertEquals(lastCheckpoint("whole"), lastCheckpoint("parts"));
  }

  private List<String> lastCheckpoint(String run) throws IOException {
    return RunFiles.checkpoints(folder.resolve(run)).entrySet().stream()
        .filter(file -> file.getKey().startsWith("step-00000020"))
        .map(Object::toString)
        .toList();
  }

  /** Held-out text is read in parts too, and memory goes with its streams. */
  @Test
  void partsChangeNeitherTrainingNorValidationButForRounding() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withModel(WITHOUT_DROPOUT).withSteps(30);
    training.start(folder.resolve("whole"));
    training.accumulating(4).start(folder.resolve("parts"));

    assertCloseMetrics("whole", "parts");
  }

  @Test
  void aRunGoesOnWithAnotherNumberOfPartsAndSaysSo() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withModel(WITHOUT_DROPOUT).withSteps(30);
    training.start(folder.resolve("whole"));
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    training.startAndStopAt(folder.resolve("changed"), 13);
    training.accumulating(2).resume(folder.resolve("changed"), recorder, new StopSignal());

    assertCloseMetrics("whole", "changed");
    assertTrue(
        recorder.names().getFirst().startsWith("warning the configuration is not the one of"),
        recorder.names()::toString);
  }

  private void assertCloseMetrics(String expected, String actual) throws IOException {
    List<JsonNode> one = RunFiles.metrics(folder.resolve(expected));
    List<JsonNode> other = RunFiles.metrics(folder.resolve(actual));
    assertEquals(one.size(), other.size());
    for (int i = 0; i < one.size(); i++) {
      for (String key : List.of("loss", "validationLoss", "gradientNorm")) {
        assertEquals(
            one.get(i).path(key).doubleValue(), other.get(i).path(key).doubleValue(), 1e-4, key);
      }
    }
  }

  @Test
  void lessMemoryIsReported() {
    SmallTraining training = SmallTraining.in(folder);
    assertTrue(memoryBytes(training.accumulating(4)) < memoryBytes(training));
  }

  private static long memoryBytes(SmallTraining training) {
    try (Corpus corpus = training.openCorpus();
        Engine engine = training.openEngine();
        Trainer trainer = Trainer.prepare(training.config(), corpus, engine)) {
      return trainer.memoryBytes();
    }
  }
}
