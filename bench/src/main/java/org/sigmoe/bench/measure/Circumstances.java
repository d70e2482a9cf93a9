package org.sigmoe.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.sigmoe.nn.engine.Engine;

/** What a reader needs to know to judge a result: when, on what and with which versions. */
public final class Circumstances {
  /** Names the commit where the measurements run on a copy without its history. */
  private static final String COMMIT = "sigmoe.bench.commit";

  private Circumstances() {}

  /** One fact a line. */
  public static List<String> lines(EngineChoice choice) throws IOException {
    Machine machine = Machine.here();
    return List.of(
        "Date: " + LocalDate.now(ZoneOffset.UTC),
        "Processor: %s; %d cores; %s"
            .formatted(machine.processor(), machine.cores(), machine.instructions()),
        "Java: " + machine.java(),
        "Sigmoe: commit %s; %s".formatted(commit(), description(choice)),
        "libtorch: " + torch.class.getPackage().getImplementationVersion());
  }

  private static String description(EngineChoice choice) {
    try (Engine engine = choice.open()) {
      return engine.description();
    }
  }

  /** The commit of the working tree, marked where that has been changed since. */
  private static String commit() throws IOException {
    String given = System.getProperty(COMMIT);
    if (given != null) {
      return given;
    }
    Process git;
    try {
      git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .redirectErrorStream(true)
              .start();
    } catch (IOException noGit) {
      return "unknown (no git here; -D%s=... tells)".formatted(COMMIT);
    }
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return git.waitFor() == 0 ? said : "unknown (" + said + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git was asked for the commit", e);
    }
  }
}
