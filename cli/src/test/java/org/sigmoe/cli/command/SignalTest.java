package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.checkpoint.CheckpointCatalog;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.train.RunFiles;

/** Ends a training in a process of its own by a signal. */
class SignalTest {
  @TempDir private Path folder;

  @Test
  @Timeout(120)
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM that a process sees")
  void terminatedTrainingSavesAndSaysHowToResume() throws IOException, InterruptedException {
    Path text =
        Files.writeString(folder.resolve("text"), "a line to learn, again and again\n".repeat(400));
    Path run = folder.resolve("run");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.sigmoe.cli.Main",
                "train",
                "--data=" + text,
                "--out=" + run,
                "--layers=1",
                "--d-model=8",
                "--heads=2",
                "--d-ff=16",
                "--context=8",
                "--batch=2",
                "--steps=100000000",
                "--log-every=1",
                "--validate-every=100000000",
                "--threads=1")
            .redirectError(err.toFile())
            .start();

    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.startsWith("step ")) {
        line = out.readLine();
      }
      assertTrue(line != null, () -> "it ended before its first step: " + read(err));
      process.toHandle().destroy(); // SIGTERM; that of Process closes the streams as well
      StringBuilder rest = new StringBuilder();
      out.lines().forEach(later -> rest.append(later).append('\n'));

      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue(), rest + read(err));
      assertTrue(rest.toString().contains("./sigmoe train --resume " + run), rest.toString());
    } finally {
      process.destroyForcibly();
    }
    var checkpoint = new CheckpointCatalog(new RunLayout(run)).newest().checkpoint();
    assertTrue(checkpoint != null && checkpoint.state().step() > 0);

    long steps = checkpoint.state().step() + 20;
    Cli.run("train", "--resume", run.toString(), "--steps", Long.toString(steps)).done();
    RunFiles.assertEachStepOnce(run, steps, 2 * 8);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
