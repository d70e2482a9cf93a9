package org.sigmoe.xl.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run as JSON lines: one {@linkplain Metrics#toJson() object} a line, in the order
 * of the steps.
 */
public final class MetricsFile implements MetricsSink {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AppendedFile file;
  private final Map<String, Double> latest;

  private MetricsFile(AppendedFile file, Map<String, Double> latest) {
    this.file = file;
    this.latest = latest;
  }

  /**
   * Begins the file of a new run.
   *
   * @throws IOException if there is one already, or it cannot be made
   */
  public static MetricsFile create(Path file) throws IOException {
    return new MetricsFile(AppendedFile.create(file), new HashMap<>());
  }

  /**
   * Goes on with the file of a run from a checkpoint: records of later steps, and a last line that
   * was only half written when the process was killed, are cut off in one step. A file that does
   * not exist is begun.
   *
   * @param file the file
   * @param step the step of the checkpoint: records up to it, and it, stay
   * @throws IOException if the file cannot be read or written, or has a line other than the last
   *     that is no record; nothing is cut off then
   */
  public static MetricsFile resume(Path file, long step) throws IOException {
    if (!Files.exists(file)) {
      return create(file);
    }
    Map<String, Double> latest = new HashMap<>();
    long keep = endOfStep(file, step, latest);
    return new MetricsFile(AppendedFile.truncate(file, keep), latest);
  }

  /** Returns the newest value of a metric in the file, if it was ever written. */
  public OptionalDouble latest(Metric metric) {
    Double value = latest.get(metric.key());
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public void write(Metrics metrics) throws IOException {
    file.append(metrics.step(), (metrics.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    metrics.values().forEach((metric, value) -> latest.put(metric.key(), value));
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Returns where the records up to a step end, and takes note of their values. */
  private static long endOfStep(Path file, long step, Map<String, Double> latest)
      throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long begin = 0;
      for (long number = 1; ; number++) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean complete = readLine(in, line);
        JsonNode record = complete ? parse(line.toByteArray()) : null;
        if (record == null) {
          if (in.read() < 0) {
            return begin; // the end of the file, or a half-written line before it
          }
          throw new IOException(
              file
                  + ": line "
                  + number
                  + ", at byte "
                  + begin
                  + ", is not a record of metrics; repair that line or move the file away");
        }
        if (record.get(Metric.STEP_KEY).longValue() > step) {
          return begin;
        }
        for (Map.Entry<String, JsonNode> field : record.properties()) {
          latest.put(field.getKey(), field.getValue().asDouble());
        }
        begin += line.size() + 1;
      }
    }
  }

  /** Reads up to a line break or the end; returns whether there was a line break. */
  private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return true;
      }
      line.write(b);
    }
    return false;
  }

  private static @Nullable JsonNode parse(byte[] line) throws IOException {
    try {
      JsonNode node = JSON.readTree(line);
      return node.path(Metric.STEP_KEY).canConvertToLong() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
