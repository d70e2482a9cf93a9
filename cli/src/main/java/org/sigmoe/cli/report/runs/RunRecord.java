package org.sigmoe.cli.report.runs;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.statistics.Median;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricSeries;
import org.sigmoe.xl.metrics.MetricsHistory;
import org.sigmoe.xl.tokenizer.ByteTokenizer;

/**
 * All that the folder of a run holds.
 *
 * @param name what the report calls it
 * @param folder where it is
 * @param configText its configuration as it is written; empty if there is none
 * @param configuration what that says, where it can be read
 * @param model what its model takes, where that can be counted
 * @param metrics what it has measured
 * @param log what its log tells
 * @param checkpoints those that can be read, in the order of their steps
 * @param analysis how a text uses its model, where that was looked at
 * @param standing how far it has come
 * @param gaps what is missing, damaged or went wrong, in sentences for the user
 */
public record RunRecord(
    String name,
    Path folder,
    String configText,
    Optional<Configuration> configuration,
    Optional<ModelReport> model,
    MetricsHistory metrics,
    LogHistory log,
    List<SavedState> checkpoints,
    Optional<RunAnalysis> analysis,
    Standing standing,
    List<String> gaps) {

  /** Copies the lists. */
  public RunRecord {
    checkpoints = List.copyOf(checkpoints);
    gaps = List.copyOf(gaps);
  }

  /** With an analysis. */
  public RunRecord withAnalysis(RunAnalysis other) {
    return with(Optional.of(other), gaps);
  }

  /** With a gap more. */
  public RunRecord withGap(String gap) {
    return with(analysis, Stream.concat(gaps.stream(), Stream.of(gap)).toList());
  }

  private RunRecord with(Optional<RunAnalysis> otherAnalysis, List<String> otherGaps) {
    return new RunRecord(
        name,
        folder,
        configText,
        configuration,
        model,
        metrics,
        log,
        checkpoints,
        otherAnalysis,
        standing,
        otherGaps);
  }

  /** Its settings, where they can be read. */
  public Optional<RunConfig> settings() {
    return configuration.map(Configuration::run);
  }

  /** Steps done of which there is a record or a checkpoint. */
  public long stepsDone() {
    long saved = checkpoints.isEmpty() ? 0 : checkpoints.getLast().step();
    return Math.max(metrics.lastStep(), saved);
  }

  /** Bits per token of held-out text; of a loss that is not finite there is none. */
  public List<MetricSeries.Point> validation() {
    return metrics.series(Metric.VALIDATION_BITS_PER_TOKEN).points().stream()
        .filter(point -> Double.isFinite(point.value()))
        .toList();
  }

  /** The last of them. */
  public Optional<MetricSeries.Point> lastValidation() {
    List<MetricSeries.Point> points = validation();
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  /** The lowest of them. */
  public Optional<MetricSeries.Point> bestValidation() {
    return validation().stream().min(Comparator.comparingDouble(MetricSeries.Point::value));
  }

  /** The median over the reports of the run. */
  public OptionalDouble tokensPerSecond() {
    double[] values = metrics.series(Metric.TOKENS_PER_SECOND).values();
    return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Median.of(values));
  }

  /** Seconds spent in training, validation and saving included. */
  public OptionalDouble seconds() {
    return metrics.series(Metric.ELAPSED_SECONDS).points().stream()
        .mapToDouble(MetricSeries.Point::value)
        .max();
  }

  /** Tokens of a step, where the settings can be read. */
  public OptionalLong tokensPerStep() {
    return settings().stream().mapToLong(run -> run.training().tokensPerStep()).findFirst();
  }

  /** How often it was taken up again. */
  public int resumed() {
    return Math.max(0, log.sessions().size() - 1);
  }

  /** What a token is: {@code byte} where it is one, else {@code token}. */
  public String unit() {
    return settings()
        .filter(run -> run.model().vocabulary() != new ByteTokenizer().vocabularySize())
        .map(_ -> "token")
        .orElse("byte");
  }
}
