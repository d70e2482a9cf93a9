package org.sigmoe.xl.train;

import java.io.IOException;
import java.time.InstantSource;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricSeries;
import org.sigmoe.xl.metrics.Metrics;
import org.sigmoe.xl.metrics.MetricsFile;
import org.sigmoe.xl.metrics.TensorBoardFile;

/** The metrics of a run, as JSON lines and for TensorBoard. */
final class RunMetrics implements AutoCloseable {
  private final RunLayout run;
  private final MetricsFile lines;
  private final TensorBoardFile events;

  private RunMetrics(RunLayout run, MetricsFile lines, TensorBoardFile events) {
    this.run = run;
    this.lines = lines;
    this.events = events;
  }

  static RunMetrics create(RunLayout run) throws IOException {
    MetricsFile lines = MetricsFile.create(run.metrics());
    try {
      return new RunMetrics(run, lines, TensorBoardFile.create(run.root(), InstantSource.system()));
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  /** Goes on after a step; what was written of later steps is gone. */
  static RunMetrics resume(RunLayout run, long step) throws IOException {
    MetricsFile lines = MetricsFile.resume(run.metrics(), step);
    try {
      return new RunMetrics(
          run, lines, TensorBoardFile.resume(run.root(), step, InstantSource.system()));
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  /** Seconds spent in training until the last record. */
  double elapsedSeconds() {
    return lines.latest(Metric.ELAPSED_SECONDS).orElse(0);
  }

  /** All that is there of a metric. */
  MetricSeries series(Metric metric) throws IOException {
    return MetricSeries.read(run.metrics(), metric);
  }

  void write(Metrics metrics) throws IOException {
    lines.write(metrics);
    events.write(metrics);
  }

  /** Returns once all is on the device. */
  void force() throws IOException {
    lines.force();
    events.force();
  }

  @Override
  public void close() throws IOException {
    try (lines) {
      events.close();
    }
  }
}
