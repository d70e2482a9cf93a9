package org.sigmoe.bench.measure;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import org.sigmoe.bench.measure.WorkBenchmark.Who;
import org.sigmoe.bench.result.Peaks;
import org.sigmoe.bench.result.Row;
import org.sigmoe.bench.result.Samples;
import org.sigmoe.bench.result.Sweep;
import org.sigmoe.bench.result.WorkCost;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Cost;

/**
 * Makes a row of results: checks, times and counts one work. What several series share is measured
 * once.
 */
public final class Measurements {
  /** What is done, at which sizes, by which engine. */
  private record Key(Work work, Sizes sizes, EngineChoice choice) {}

  private final Timings timings;
  private final Peaks peaks;
  private final Map<Key, Row> measured = new HashMap<>();
  private final Map<Key, Optional<Double>> errors = new HashMap<>();

  /** With the peaks of the machine that is measured. */
  public Measurements(Timings timings, Peaks peaks) {
    this.timings = timings;
    this.peaks = peaks;
  }

  /** What the machine can do at best. */
  public static Peaks peaks(EngineChoice choice, Collection<Precision> precisions) {
    return PeakMeter.of(choice, precisions);
  }

  /**
   * One row.
   *
   * @param sweep the series that it belongs to; null for none
   * @throws IllegalStateException if the engine's results differ from the reference's
   * @throws RunnerException if a process that measured failed
   */
  public Row row(@Nullable Sweep sweep, Work work, Sizes sizes, EngineChoice choice)
      throws RunnerException {
    Key key = new Key(work, sizes, choice);
    Row row = measured.get(key);
    if (row == null) {
      row = measure(work, sizes, choice);
      measured.put(key, row);
    }
    return row.in(sweep == null ? null : sweep.label());
  }

  private Row measure(Work work, Sizes sizes, EngineChoice choice) throws RunnerException {
    Key checked = new Key(work, sizes.reduced(), choice);
    Optional<Double> error = errors.get(checked);
    if (error == null) {
      error = new ReferenceCheck(choice).check(work, sizes);
      errors.put(checked, error);
    }
    Map<Who, double[]> times = timings.time(work, sizes, choice);
    WorkCost cost = WorkCost.of(work.graph(sizes));
    Cost total = cost.total();
    double[] peer = times.get(Who.LIBTORCH);
    String precision = choice.precision().toString();
    return new Row(
        null,
        work.label(),
        sizes.toString(),
        precision,
        choice.threads(),
        new Samples(Objects.requireNonNull(times.get(Who.SIGMOE), "ours are always measured")),
        peer == null ? null : new Samples(peer),
        total.flops(),
        total.bytesRead() + total.bytesWritten(),
        cost.activationBytes(),
        cost.floorMilliseconds(peaks, precision),
        error.orElse(null));
  }
}
