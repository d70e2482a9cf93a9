package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a file system that becomes full: one of its own in memory, which root alone may mount.
 * {@link TrainingFailureTest} simulates one for everybody.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it mounts a tmpfs")
class FullDiskTest {
  private static final long STEPS = 60;

  @TempDir Path folder;

  /** It is full at another moment each time: of a checkpoint, or of a record of metrics. */
  @Test
  void aRunThatFilledItsDiskGoesOnOnceThereIsRoom() throws Exception {
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(STEPS)
            .withPlans(new ValidationPlan(15, 200), new CheckpointPlan(4, 0, 2), 1);
    training.start(folder.resolve("whole"));
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk), "no tmpfs here");
    try {
      Path run = disk.resolve("run");
      Path ballast = disk.resolve("ballast");
      for (long stopAt : new long[] {6, 20, 33}) {
        stopAt(training, run, stopAt);
        fill(ballast);
        IOException e = assertThrows(IOException.class, () -> training.resume(run));
        assertTrue(e.getMessage().contains("No space left on device"), e::getMessage);
        Files.delete(ballast);
      }
      assertEquals(STEPS, training.resume(run).step());
      RunFiles.assertEachStepOnce(run, STEPS, SmallTraining.TOKENS_PER_EPOCH_STEP);
      assertEquals(RunFiles.metrics(folder.resolve("whole")), RunFiles.metrics(run));
    } finally {
      command("umount", disk);
    }
  }

  private static void stopAt(SmallTraining training, Path run, long step) throws IOException {
    StopSignal stop = new StopSignal();
    TrainingListener listener = SmallTraining.stopAt(step, stop);
    if (Files.exists(run)) {
      training.resume(run, listener, stop);
    } else {
      training.start(run, listener, stop);
    }
  }

  /** Leaves room for the new file of events, and for a record or two. */
  private static void fill(Path ballast) throws IOException {
    long free = ballast.getParent().toFile().getUsableSpace();
    try (var out = Files.newOutputStream(ballast)) {
      out.write(new byte[(int) Math.max(0, free - 8192)]);
    }
  }

  private static boolean command(String name, Object... arguments)
      throws IOException, InterruptedException {
    String[] words = new String[arguments.length + 1];
    words[0] = name;
    for (int i = 0; i < arguments.length; i++) {
      words[i + 1] = arguments[i].toString();
    }
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }
}
