package org.sigmoe.xl.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One metric of a run over its steps, read back from its {@link MetricsFile}.
 *
 * @param points in the order of the steps
 */
public record MetricSeries(List<Point> points) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was measured at a step.
   *
   * @param step steps done
   * @param value as {@link Metric} says
   */
  public record Point(long step, double value) {}

  /** Copies the points. */
  public MetricSeries {
    points = List.copyOf(points);
  }

  /**
   * Reads a metric. A last line that is half written is left out.
   *
   * @throws IOException if the file cannot be read, or has a line other than the last that is no
   *     record; names the line
   */
  public static MetricSeries read(Path file, Metric metric) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode record;
      try {
        record = JSON.readTree(lines.get(i));
      } catch (JsonProcessingException e) {
        if (i == lines.size() - 1) {
          break;
        }
        throw new IOException(
            file + ": line " + (i + 1) + " is not a record of metrics; the file is damaged", e);
      }
      JsonNode value = record.path(metric.key());
      if (!value.isMissingNode()) {
        // Numbers that JSON lacks are texts: NaN, Infinity.
        double number =
            value.isTextual() ? Double.parseDouble(value.textValue()) : value.asDouble();
        points.add(new Point(record.path(Metric.STEP_KEY).asLong(), number));
      }
    }
    return new MetricSeries(points);
  }

  /**
   * The newest value.
   *
   * @throws IllegalStateException if there is none
   */
  public double last() {
    if (points.isEmpty()) {
      throw new IllegalStateException("the series has no points");
    }
    return points.getLast().value();
  }

  /** The newest values, in the order of the steps; fewer if there are no more. */
  public List<Double> last(int count) {
    return points.subList(Math.max(0, points.size() - count), points.size()).stream()
        .map(Point::value)
        .toList();
  }

  /** The values, in the order of the steps. */
  public double[] values() {
    return points.stream().mapToDouble(Point::value).toArray();
  }
}
