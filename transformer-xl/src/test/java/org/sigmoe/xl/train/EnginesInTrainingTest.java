package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.testing.TestedEngines;

/** Whole trainings on every engine but the reference, whose variables are no floats. */
class EnginesInTrainingTest {
  private static final long STEPS = 20;
  private static final long HALF = 13;

  @TempDir Path folder;

  static Stream<String> engines() {
    return TestedEngines.atHand().stream()
        .map(EngineProvider::name)
        .filter(name -> !name.equals("reference"));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theSameTrainingLeavesTheSameBytesWholeOrInParts(String engine) throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(STEPS).on(engine);
    training.start(folder.resolve("whole"));
    training.start(folder.resolve("again"));
    RunFiles.assertSame(folder.resolve("whole"), folder.resolve("again"));

    training.startAndStopAt(folder.resolve("parts"), HALF);
    training.resume(folder.resolve("parts"));
    assertEquals(losses("whole"), losses("parts"));
    assertEquals(lastCheckpoint("whole"), lastCheckpoint("parts"));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aRunMovesFromTheCpuAndBackAndLearnsAsOnTheReference(String engine) throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(STEPS);
    training.on("reference").start(folder.resolve("reference"));
    training.on(engine).start(folder.resolve("engine"));
    training.on("cpu").startAndStopAt(folder.resolve("moved"), 5);
    training.on(engine).withSteps(HALF).resume(folder.resolve("moved"));
    training.on("cpu").resume(folder.resolve("moved"));

    assertClose(losses("reference"), losses("engine"));
    assertClose(losses("reference"), losses("moved"));
  }

  private static void assertClose(List<Double> expected, List<Double> actual) {
    assertEquals(STEPS, actual.size());
    assertNotEquals(expected.getFirst(), expected.getLast(), 0.01, "the model learns");
    for (int i = 0; i < STEPS; i++) {
      assertEquals(expected.get(i), actual.get(i), 1e-3, "loss of step " + (i + 1));
    }
  }

  private List<Double> losses(String run) throws IOException {
    return RunFiles.metrics(folder.resolve(run)).stream()
        .filter(record -> record.has("loss"))
        .map(record -> record.get("loss").doubleValue())
        .toList();
  }

  private Object lastCheckpoint(String run) throws IOException {
    var digests = RunFiles.checkpoints(folder.resolve(run));
    digests.keySet().removeIf(file -> !file.contains("%08d".formatted(STEPS)));
    return digests;
  }
}
