package org.sigmoe.cli.report.runs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.statistics.Median;
import org.sigmoe.cli.statistics.Spread;
import org.sigmoe.xl.metrics.MetricSeries;

/**
 * Runs that differ in their seed alone.
 *
 * @param name what the report calls the configuration
 * @param runs at least one
 */
public record RunGroup(String name, List<RunRecord> runs) {
  private static final String SEED = "seed";

  /** What changes no result. */
  private static final List<String> FREE = List.of(SEED, "logEvery", "checkpoints.");

  /** Copies the runs. */
  public RunGroup {
    runs = List.copyOf(runs);
  }

  /** The groups of runs, in the order of the first of each. */
  public static List<RunGroup> of(List<RunRecord> runs) {
    Map<Object, List<RunRecord>> alike = new LinkedHashMap<>();
    for (RunRecord run : runs) {
      Object key = run.configuration().<Object>map(RunGroup::withoutSeed).orElse(run);
      alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(run);
    }
    return alike.values().stream().map(group -> new RunGroup(name(group), group)).toList();
  }

  private static Map<String, String> withoutSeed(Configuration configuration) {
    Settings settings = configuration.settings();
    Map<String, String> kept = new LinkedHashMap<>();
    for (String key : settings.keys()) {
      if (FREE.stream().noneMatch(free -> free.endsWith(".") ? key.startsWith(free) : key.equals(free))) {
        settings.text(key).ifPresent(text -> kept.put(key, text));
      }
    }
    return kept;
  }

  /** The name of a single run, and of several what is left of the names without the seeds. */
  private static String name(List<RunRecord> group) {
    String first = group.getFirst().name();
    if (group.size() == 1) {
      return first;
    }
    List<String> names = group.stream().map(RunGroup::nameWithoutSeed).distinct().toList();
    return names.size() == 1 && !names.getFirst().isEmpty()
        ? names.getFirst()
        : "%s and %d more".formatted(first, group.size() - 1);
  }

  private static String nameWithoutSeed(RunRecord run) {
    String seed = run.settings().map(settings -> Long.toString(settings.seed())).orElse("");
    return run.name().replaceFirst("[/_.-]*(?:seed|s)?[_=.-]*" + seed + "$", "");
  }

  /** What the model takes, where that can be counted. */
  public Optional<ModelReport> model() {
    return runs.stream().flatMap(run -> run.model().stream()).findFirst();
  }

  /** Seeds, as they can be read. */
  public String seeds() {
    return runs.stream()
        .flatMap(run -> run.settings().stream())
        .map(settings -> Long.toString(settings.seed()))
        .collect(Collectors.joining(", "));
  }

  /** Whether a run of it is finished, so that it can be compared with others that are. */
  public boolean isFinished() {
    return runs.stream().anyMatch(run -> run.standing() == Standing.FINISHED);
  }

  /** The last step at which any of the runs was validated. */
  private long lastValidated() {
    return runs.stream()
        .flatMap(run -> run.lastValidation().stream())
        .mapToLong(MetricSeries.Point::step)
        .max()
        .orElse(0);
  }

  /**
   * Bits per token of held-out text at the last validation. Runs that have not come as far as the
   * others do not count.
   */
  public Optional<Spread> lastBits() {
    return spread(RunRecord::lastValidation);
  }

  /** The lowest of each run, of the same runs. */
  public Optional<Spread> bestBits() {
    return spread(RunRecord::bestValidation);
  }

  private Optional<Spread> spread(Function<RunRecord, Optional<MetricSeries.Point>> validation) {
    long step = lastValidated();
    double[] bits =
        runs.stream()
            .filter(run -> run.lastValidation().filter(last -> last.step() == step).isPresent())
            .flatMap(run -> validation.apply(run).stream())
            .mapToDouble(MetricSeries.Point::value)
            .toArray();
    return bits.length == 0 ? Optional.empty() : Optional.of(Spread.of(bits));
  }

  /** The median over the runs. */
  public OptionalDouble tokensPerSecond() {
    double[] values =
        runs.stream()
            .map(RunRecord::tokensPerSecond)
            .flatMapToDouble(OptionalDouble::stream)
            .toArray();
    return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Median.of(values));
  }

  /** What a token is: {@code byte} where it is one, else {@code token}. */
  public String unit() {
    return runs.getFirst().unit();
  }
}
