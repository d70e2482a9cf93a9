package org.sigmoe.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a readable table of JMH's JSON for {@link TrainingStepBenchmark}: tokens a second of both
 * contestants and their ratio, beside what they were measured on.
 *
 * <pre>
 * java -cp ... org.sigmoe.bench.ResultsTable RESULT.json COMMIT &gt; RESULT.md
 * </pre>
 */
public final class ResultsTable {
  private static final String OURS = SigmoeTrainingStep.class.getName();
  private static final String PEER = TorchTrainingStep.class.getName();

  private ResultsTable() {}

  /** Prints the table of a result file. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("Usage: ResultsTable RESULT.json COMMIT");
      System.exit(2);
    }
    JsonNode results = JsonMapper.builder().build().readTree(Files.readString(Path.of(args[0])));
    System.out.print(of(results, Machine.here(), args[1]));
  }

  /** The table as Markdown. */
  static String of(JsonNode results, Machine machine, String commit) {
    Map<String, Map<String, JsonNode>> rows = new TreeMap<>();
    for (JsonNode result : results) {
      String name = result.get("benchmark").asText();
      String contestant = name.substring(0, name.lastIndexOf('.'));
      rows.computeIfAbsent(row(result.get("params")), row -> new TreeMap<>())
          .put(contestant, result.get("secondaryMetrics").get("tokens"));
    }
    StringBuilder table = new StringBuilder("# One training step: tokens a second\n\n");
    table
        .append(
            "Processor: %s; %d cores; %s%n"
                .formatted(machine.processor(), machine.cores(), machine.instructions()))
        .append("Java: %s%n".formatted(machine.java()))
        .append("Sigmoe: commit %s; libtorch: %s%n%n".formatted(commit, "2.10.0 (JavaCPP 1.5.13)"))
        .append("| model | precision | threads | Sigmoe | libtorch | ratio |\n")
        .append("|---|---|---:|---:|---:|---:|\n");
    rows.forEach(
        (row, scores) -> {
          JsonNode ours = scores.get(OURS);
          JsonNode peer = scores.get(PEER);
          table.append(
              "| %s | %s | %s | %s |%n"
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
