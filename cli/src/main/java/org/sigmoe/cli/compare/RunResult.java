package org.sigmoe.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.cli.statistics.Median;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricSeries;

/**
 * What came out of one run.
 *
 * @param seed its seed
 * @param folder of the run
 * @param validation bits per token of held-out text, over the steps
 * @param training bits per token of the tokens that are learned from, over the steps
 * @param tokensPerSecond the median over the reports of the run
 * @param seconds spent in training, validation and saving included
 */
record RunResult(
    long seed,
    Path folder,
    MetricSeries validation,
    MetricSeries training,
    double tokensPerSecond,
    double seconds) {

  /**
   * Reads what a finished run has measured.
   *
   * @throws UsageException if it has measured nothing, as one whose metrics were deleted
   */
  static RunResult read(ComparisonPlan.Run run) throws IOException {
    Path file = new RunLayout(run.folder()).metrics();
    MetricSeries validation = MetricSeries.read(file, Metric.VALIDATION_BITS_PER_TOKEN);
    MetricSeries pace = MetricSeries.read(file, Metric.TOKENS_PER_SECOND);
    if (validation.points().isEmpty() || pace.points().isEmpty()) {
      throw new UsageException(
          file + " has no measurements of a whole run; move the folder away to train it again");
    }
    return new RunResult(
        run.seed(),
        run.folder(),
        validation,
        MetricSeries.read(file, Metric.BITS_PER_TOKEN),
        Median.of(pace.values()),
        MetricSeries.read(file, Metric.ELAPSED_SECONDS).last());
  }

  /**
   * Bits per token of held-out text after the last step: not of the best, which is chosen by it.
   */
  double bitsPerToken() {
    return validation.last();
  }
}
