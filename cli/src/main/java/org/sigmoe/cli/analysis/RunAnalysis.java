package org.sigmoe.cli.analysis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.ResultFile;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.checkpoint.RunLayout;

/**
 * How a text uses the model of a run, as {@code analysis.json} in its folder keeps it.
 *
 * @param run the folder, as it was named
 * @param step of the checkpoint that was looked at
 * @param text what was read
 * @param found what was seen
 */
public record RunAnalysis(String run, long step, String text, ModelAnalysis found) {
  private static final String FILE = "analysis.json";
  private static final long MAX_BYTES = 1L << 28;

  /** Where it is kept. */
  public static Path file(RunLayout run) {
    return run.root().resolve(FILE);
  }

  /**
   * Reads the one that is kept; empty if there is none.
   *
   * @throws IOException if it cannot be read or is damaged; says what to do
   */
  public static Optional<RunAnalysis> read(RunLayout run) throws IOException {
    Path file = file(run);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AnalysisReader.read(Json.read(file, MAX_BYTES)));
    } catch (IOException e) {
      throw new IOException(
          "%s is not used: %s; sigmoe analyse writes it again".formatted(file, e.getMessage()), e);
    }
  }

  /** Keeps it in the folder of its run, in place of an earlier one. */
  public void write(RunLayout layout) throws IOException {
    ResultFile.write(file(layout), Json.line(json()) + "\n");
  }

  /** All of it. */
  public ObjectNode json() {
    return AnalysisWriter.object(this);
  }
}
