package org.sigmoe.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a readable table of JMH's JSON for {@link TrainingStepBenchmark}: tokens a second of both
 * contestants and their ratio, below the circumstances of the measurement.
 */
final class ResultsTable {
  private static final String OURS = SigmoeTrainingStep.class.getName();
  private static final String PEER = TorchTrainingStep.class.getName();

  private ResultsTable() {}

  /**
   * The table as Markdown.
   *
   * @param results JMH's JSON
   * @param circumstances facts, one a line
   */
  static String of(JsonNode results, List<String> circumstances) {
    Map<String, Map<String, JsonNode>> rows = new TreeMap<>();
    for (JsonNode result : results) {
      String name = result.get("benchmark").asText();
      String contestant = name.substring(0, name.lastIndexOf('.'));
      rows.computeIfAbsent(row(result.get("params")), row -> new TreeMap<>())
          .put(contestant, result.get("secondaryMetrics").get("tokens"));
    }
    StringBuilder table = new StringBuilder("# One training step: tokens a second\n\n");
    circumstances.forEach(fact -> table.append("- ").append(fact).append('\n'));
    table
        .append('\n')
        .append("| model | precision | threads | Sigmoe | libtorch | ratio |\n")
        .append("|---|---|---:|---:|---:|---:|\n");
    rows.forEach(
        (row, scores) -> {
          JsonNode ours = scores.get(OURS);
          JsonNode peer = scores.get(PEER);
          table.append(
              "| %s | %s | %s | %s |\n"
                  .formatted(
                      row,
                      score(ours),
                      score(peer),
                      ours == null || peer == null
                          ? ""
                          : "%.2f"
                              .formatted(
                                  ours.get("score").asDouble() / peer.get("score").asDouble())));
        });
    return table.toString();
  }

  private static String row(JsonNode params) {
    return params.get("model").asText()
        + " | "
        + params.get("precision").asText()
        + " | "
        + params.get("threads").asText();
  }

  private static String score(@Nullable JsonNode metric) {
    if (metric == null) {
      return "";
    }
    double error = metric.get("scoreError").asDouble();
    String spread = Double.isNaN(error) ? "" : " ± %,.0f".formatted(error);
    return "%,.0f%s".formatted(metric.get("score").asDouble(), spread);
  }
}
