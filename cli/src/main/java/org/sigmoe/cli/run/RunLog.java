package org.sigmoe.cli.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * The log of a run: every line with its time. Lines that come before the folder of the run is known
 * are kept until it is.
 */
public final class RunLog {
  private final StringBuilder early = new StringBuilder();
  private @Nullable Path file;

  /**
   * Writes to a file from now on, after what it holds already.
   *
   * @throws CheckpointException if it cannot be written
   */
  public synchronized void attach(Path log) throws CheckpointException {
    try {
      append(log, early.toString());
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write " + log + ": " + CheckpointException.reason(e), e);
    }
    file = log;
  }

  /** Adds a line. That a log cannot be written (a full disk) ends no training. */
  public synchronized void line(String text) {
    String line = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + text + "\n";
    if (file == null) {
      early.append(line);
      return;
    }
    try {
      append(file, line);
    } catch (IOException _) {
      // The line was shown, and metrics and checkpoints report a disk that is full.
    }
  }

  /** Adds where in the program a failure came about. */
  public void failure(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    line(trace.toString());
  }

  private static void append(Path log, String text) throws IOException {
    Files.writeString(
        log, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
