package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose process is killed (SIGKILL on Unix) at random moments, and resumed each time, leaves
 * the files of one that was not. {@code -Dsigmoe.kills=10} kills more often, {@code
 * -Dsigmoe.kills.seed=N} repeats a case.
 */
class KilledRunTest {
  private static final int KILLS = Integer.getInteger("sigmoe.kills", 3);

  /** About the time of a step with its checkpoint, so that any moment of it can be hit. */
  private static final long MOST_EXTRA_NANOS = 20_000_000;

  private static final long SEED = Long.getLong("sigmoe.kills.seed", System.nanoTime());

  @TempDir Path folder;

  @Test
  void aKilledRunEndsAsOneThatWasNot() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    String repeat = "repeat with -Dsigmoe.kills=%d -Dsigmoe.kills.seed=%d".formatted(KILLS, SEED);
    Path whole = folder.resolve("whole");
    int events = runToItsEnd(whole);
    Path killed = folder.resolve("killed");
    List<String> moments = new ArrayList<>();

    for (int kill = 0; kill < KILLS; kill++) {
      // all kills together leave the last quarter of the run, so that none comes too late
      int lines = random.nextInt(events * 3 / 4 / KILLS);
      long extraNanos = random.nextLong(MOST_EXTRA_NANOS);
      moments.add(killAfter(killed, lines, extraNanos));
    }
    runToItsEnd(killed);

    System.out.println("killed after " + moments + "; " + repeat);
    assertEquals(RunFiles.checkpoints(whole), RunFiles.checkpoints(killed), repeat);
    assertEquals(RunFiles.metrics(whole), RunFiles.metrics(killed), repeat);
    RunFiles.assertEachStepOnce(killed, TrainingProcess.STEPS, SmallTraining.TOKENS_PER_EPOCH_STEP);
  }

  /** Returns how many events there were. */
  private int runToItsEnd(Path run) throws Exception {
    Process process = TrainingProcess.start(folder, run);
    List<String> output;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      output = reader.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> String.join("\n", output));
    assertEquals("Done", output.getLast());
    return output.size();
  }

  /** Kills a process some time after it has written so many lines of its training. */
  private String killAfter(Path run, int lines, long extraNanos) throws Exception {
    Process process = TrainingProcess.start(folder, run);
    String last = "";
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      int count = -1;
      while (count < lines) {
        last = reader.readLine();
        assertFalse(last == null || last.equals("Done"), "the process ended before it was killed");
        if (count >= 0 || last.equals("Started")) {
          count++;
        }
      }
      long end = System.nanoTime() + extraNanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      process.toHandle().destroyForcibly();
    }
    assertTrue(process.waitFor() != 0, "the process ended before it was killed");
    return "%d events (%s), newest %s".formatted(lines, last, newestCheckpoint(run));
  }

  private static String newestCheckpoint(Path run) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return "none";
    }
    try (var files = Files.list(checkpoints)) {
      return files.map(f -> f.getFileName().toString()).sorted().reduce((a, b) -> b).orElse("none");
    }
  }
}
