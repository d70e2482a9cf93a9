package org.sigmoe.xl.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One metric of a run over its steps, read back from its {@link MetricsFile}.
 *
 * @param points in the order of the steps
 */
public record MetricSeries(List<Point> points) {

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
    MetricsHistory history = MetricsHistory.read(file);
    if (!history.damagedLines().isEmpty()) {
      throw new IOException(
          "%s: line %d is not a record of metrics; the file is damaged"
              .formatted(file, history.damagedLines().getFirst()));
    }
    return history.series(metric);
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
