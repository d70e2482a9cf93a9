package org.sigmoe.cli.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.ResultFile;

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
    ResultFile.write(plan.folder().resolve(JSON_FILE), Json.line(json) + "\n");
    ResultFile.write(plan.folder().resolve(TABLE_FILE), ComparisonTable.markdown(comparison));
    ComparisonPlots.write(comparison, plan.folder(), warnings);
    return new ComparisonResults(json, ComparisonTable.lines(comparison));
  }
}
