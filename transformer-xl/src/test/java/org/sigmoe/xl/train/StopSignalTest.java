package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopSignalTest {
  @TempDir Path folder;

  /** A clock that went over the end of its numbers, as System.nanoTime may. */
  @Test
  void theTimeComesOnceAndIsNotAskedFor() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    StopSignal stop = new StopSignal(clock::get);
    stop.requestAt(clock.get() + 10);

    clock.addAndGet(9);
    assertFalse(stop.requested());
    clock.addAndGet(1);
    assertTrue(stop.requested());
    assertFalse(stop.asked());
    stop.request();
    assertTrue(stop.asked(), "who asks comes first");
  }

  @Test
  void aTrainingWhoseTimeIsOverFinishesItsStepSavesAndGoesOnLater() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(20);
    training.start(folder.resolve("whole"));
    StopSignal stop = new StopSignal();
    TrainingOutcome outcome =
        training.start(
            folder.resolve("run"),
            event -> {
              if (event instanceof TrainingEvent.StepDone done && done.step() == 7) {
                stop.requestAt(System.nanoTime());
              }
            },
            stop);

    assertEquals(TrainingOutcome.Ending.TIME_OVER, outcome.ending());
    assertEquals(7, outcome.step());
    assertEquals(7 * SmallTraining.TOKENS_PER_EPOCH_STEP, outcome.tokensSeen());
    assertTrue(Files.exists(outcome.checkpoint().resolve("state.json")));
    assertEquals(TrainingOutcome.Ending.COMPLETED, training.resume(folder.resolve("run")).ending());
    assertEquals(
        RunFiles.metrics(folder.resolve("whole")), RunFiles.metrics(folder.resolve("run")));
  }
}
