package org.sigmoe.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.xl.metrics.MetricSeries;

/** JSON for other programs. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An object on one line. Numbers that JSON lacks are the texts NaN, Infinity, -Infinity. */
  public static String line(ObjectNode object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object of plain values is always written", e);
    }
  }

  /** Adds the points of a series to an array, each as step and value. */
  public static void points(ArrayNode array, List<MetricSeries.Point> points) {
    for (MetricSeries.Point point : points) {
      array.addArray().add(point.step()).add(point.value());
    }
  }

  /**
   * What a file holds.
   *
   * @param maxBytes how long it may be
   * @throws IOException if it cannot be read, is longer, or is no JSON
   */
  public static JsonNode read(Path file, long maxBytes) throws IOException {
    long bytes = Files.size(file);
    if (bytes > maxBytes) {
      throw new IOException(
          "it has %s, and at most %s are read"
              .formatted(Units.bytes(bytes), Units.bytes(maxBytes)));
    }
    try {
      return MAPPER.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException("it is no JSON (" + e.getOriginalMessage() + ")", e);
    }
  }
}
