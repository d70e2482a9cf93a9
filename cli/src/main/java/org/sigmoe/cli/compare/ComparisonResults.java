package org.sigmoe.cli.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.sigmoe.cli.output.Json;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * The results of a comparison whose runs are finished.
 *
 * @param json all of them, curves included
 * @param table the lines of the table for a terminal
 */
public record ComparisonResults(ObjectNode json, List<String> table) {
  private static final String JSON_FILE = "comparison.json";
  private static final String TABLE_FILE = "comparison.md";

  /**
   * Reads the runs of a plan and writes {@code comparison.json}, {@code comparison.md} and the
   * plots into its folder.
   *
   * @param warnings hears if the plots cannot be drawn, as on a machine without fonts; all else is
   *     there then
   */
  public static ComparisonResults write(ComparisonPlan plan, Consumer<String> warnings)
      throws IOException {
    Comparison comparison = Comparison.read(plan);
    ObjectNode json = ComparisonJson.object(comparison);
    write(plan.folder().resolve(JSON_FILE), Json.line(json) + "\n");
    write(plan.folder().resolve(TABLE_FILE), ComparisonTable.markdown(comparison));
    try {
      ComparisonPlots.write(comparison, plan.folder());
    } catch (LinkageError | InternalError | IllegalStateException | NullPointerException e) {
      // What the JDK throws where the libraries or fonts that draw text are missing.
      warnings.accept(
          "the plots cannot be drawn here (%s); install fontconfig and a font, and compare again"
              .formatted(e));
    }
    return new ComparisonResults(json, ComparisonTable.lines(comparison));
  }

  private static void write(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }
}
