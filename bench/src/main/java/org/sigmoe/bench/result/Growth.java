package org.sigmoe.bench.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a work's cost grows along a series.
 *
 * @param from the first position
 * @param to the last position
 * @param time of the medians
 * @param flops counted
 * @param bytes counted
 * @param activations counted; null where nothing is kept
 * @param peerTime of libtorch's medians; null where it took no part
 */
record Growth(
    Sweep sweep,
    String work,
    String precision,
    int threads,
    double from,
    double to,
    PowerLaw time,
    PowerLaw flops,
    PowerLaw bytes,
    @Nullable PowerLaw activations,
    @Nullable PowerLaw peerTime) {

  /** Of all series that have at least three points. */
  static List<Growth> of(List<Row> rows) {
    List<Growth> all = new ArrayList<>();
    for (List<Row> series : series(rows)) {
      if (series.size() >= 3) {
        all.add(ofSeries(series));
      }
    }
    return all;
  }

  /** Rows of one series, work, precision and number of threads, along it. */
  static List<List<Row>> series(List<Row> rows) {
    Map<List<Object>, List<Row>> series = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.sweep() != null) {
        series
            .computeIfAbsent(
                List.of(row.sweep(), row.work(), row.precision(), row.threads()),
                _ -> new ArrayList<>())
            .add(row);
      }
    }
    series
        .values()
        .forEach(
            found ->
                found.sort(Comparator.comparingInt(row -> sweep(row).position(row.parsedSizes()))));
    return List.copyOf(series.values());
  }

  /** The series of a row that has one. */
  static Sweep sweep(Row row) {
    return Sweep.ofLabel(Objects.requireNonNull(row.sweep(), "a row of a series"));
  }

  private static Growth ofSeries(List<Row> rows) {
    Row first = rows.getFirst();
    Sweep sweep = sweep(first);
    double[] x = Sweep.positions(rows, sweep);
    boolean kept = rows.stream().allMatch(row -> row.activationBytes() > 0);
    boolean peer = rows.stream().allMatch(row -> row.peer() != null);
    return new Growth(
        sweep,
        first.work(),
        first.precision(),
        first.threads(),
        x[0],
        x[x.length - 1],
        law(x, rows, row -> row.samples().median()),
        law(x, rows, Row::flops),
        law(x, rows, Row::bytes),
        kept ? law(x, rows, Row::activationBytes) : null,
        peer ? law(x, rows, Growth::peerMedian) : null);
  }

  private static double peerMedian(Row row) {
    return Objects.requireNonNull(row.peer()).median();
  }

  private static PowerLaw law(double[] x, List<Row> rows, ToDoubleFunction<Row> y) {
    return PowerLaw.of(x, rows.stream().mapToDouble(y).toArray());
  }
}
