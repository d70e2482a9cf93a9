package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.sigmoe.nn.checkpoint.FileDigest;

/** What a training left in its folder, in a form that two trainings can be compared by. */
final class RunFiles {
  private RunFiles() {}

  /** Requires two runs to have left the same checkpoints, byte for byte, and the same metrics. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertEquals(checkpoints(expected), checkpoints(actual));
    assertEquals(metrics(expected), metrics(actual));
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
