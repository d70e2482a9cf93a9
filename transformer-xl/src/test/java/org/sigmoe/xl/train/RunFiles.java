package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.xl.metrics.EventFiles;

/** What a training left in its folder, in a form that two trainings can be compared by. */
public final class RunFiles {
  /** Reported with each step, and with each validation. */
  private static final String TOKENS = "train/tokens_seen";

  private RunFiles() {}

  /** Requires two runs to have left the same checkpoints, byte for byte, and the same metrics. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertEquals(checkpoints(expected), checkpoints(actual));
    assertEquals(metrics(expected), metrics(actual));
  }

  /**
   * Requires metrics.jsonl and what TensorBoard shows to have each step of a run exactly once, with
   * the tokens seen until then; for a run that reports every step.
   */
  public static void assertEachStepOnce(Path run, long steps, long tokensPerStep)
      throws IOException {
    List<Long> all = LongStream.rangeClosed(1, steps).boxed().toList();
    List<JsonNode> trained = metrics(run).stream().filter(record -> record.has("loss")).toList();
    assertEquals(all, trained.stream().map(record -> record.get("step").longValue()).toList());
    Map<String, Map<Long, List<Float>>> shown = EventFiles.scalars(run);
    assertEquals(all, List.copyOf(shown.get("train/loss").keySet()));
    for (JsonNode record : trained) {
      long step = record.get("step").longValue();
      assertTrue(record.get("tokensSeen").isIntegralNumber());
      assertEquals(step * tokensPerStep, record.get("tokensSeen").longValue());
      assertEquals(
          List.of((float) record.get("loss").doubleValue()), shown.get("train/loss").get(step));
    }
    List<JsonNode> validated =
        metrics(run).stream().filter(record -> record.has("validationLoss")).toList();
    assertEquals(
        validated.stream().map(record -> record.get("step").longValue()).toList(),
        List.copyOf(shown.get("validation/loss").keySet()));
    shown.forEach(
        (tag, values) ->
            values.forEach(
                (step, once) -> {
                  boolean both = tag.equals("train/elapsed_seconds") || tag.equals(TOKENS);
                  boolean validation = shown.get("validation/loss").containsKey(step);
                  assertEquals(both && validation ? 2 : 1, once.size(), tag + " at step " + step);
                }));
  }

  /** The digest of each file of each checkpoint. */
  static Map<String, String> checkpoints(Path run) throws IOException {
    Path root = run.resolve("checkpoints");
    Map<String, String> digests = new TreeMap<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(
            root.relativize(file).toString(), FileDigest.of(Files.readAllBytes(file)).sha256());
      }
    }
    return digests;
  }

  /** All records without what depends on time. */
  static List<JsonNode> metrics(Path run) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> records = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) mapper.readTree(line);
      node.remove(List.of("elapsedSeconds", "tokensPerSecond"));
      records.add(node);
    }
    return records;
  }
}
