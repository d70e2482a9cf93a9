package org.sigmoe.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;

/** What a reader needs to know to judge a result: when, on what and with which versions. */
final class Circumstances {
  private Circumstances() {}

  /** One fact a line. */
  static List<String> lines() throws IOException {
    Machine machine = Machine.here();
    return List.of(
        "Date: " + LocalDate.now(ZoneOffset.UTC),
        "Processor: %s; %d cores; %s"
            .formatted(machine.processor(), machine.cores(), machine.instructions()),
        "Java: " + machine.java(),
        "Sigmoe: commit %s; %s".formatted(commit(), engine()),
        "libtorch: " + torch.class.getPackage().getImplementationVersion());
  }

  private static String engine() {
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      return engine.description();
    }
  }

  /** The commit of the working tree, marked where that has been changed since. */
  private static String commit() throws IOException {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .redirectErrorStream(true)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? said : "unknown (" + said + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git was asked for the commit", e);
    }
  }
}
