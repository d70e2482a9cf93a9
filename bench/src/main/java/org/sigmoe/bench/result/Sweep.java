package org.sigmoe.bench.result;

import static org.sigmoe.bench.shape.Dimension.BATCH;
import static org.sigmoe.bench.shape.Dimension.CONTEXT;
import static org.sigmoe.bench.shape.Dimension.D_FEED_FORWARD;
import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.EXPERTS;
import static org.sigmoe.bench.shape.Dimension.EXPERT_SIZE;
import static org.sigmoe.bench.shape.Dimension.K;
import static org.sigmoe.bench.shape.Dimension.MEMORY;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.sigmoe.bench.shape.Dimension;
import org.sigmoe.bench.shape.Sizes;

/**
 * Series of sizes in which one grows: those of the efficiency figures of arXiv 2310.10837, and the
 * rest of what a cost can grow with. Dense has as many units as all experts together.
 */
public enum Sweep {
  /** Fig 2: d_model, d_ff = 4 d_model, experts of 128 units. */
  WIDTH_AND_EXPERTS(
      "figure-2",
      "d_model (d_ff = 4 d_model, G = 128)",
      List.of(256, 512, 1024, 2048, 4096),
      (sizes, d) -> experts(sizes.with(D_MODEL, d), 4 * d / 128, 128),
      sizes -> sizes.get(D_MODEL)),
  /** Fig 8: d_model, d_ff = 4 d_model, 32 experts. */
  WIDTH_AND_SIZE(
      "figure-8",
      "d_model (d_ff = 4 d_model, 32 experts)",
      List.of(256, 512, 1024, 2048, 4096),
      (sizes, d) -> experts(sizes.with(D_MODEL, d), 32, 4 * d / 32),
      sizes -> sizes.get(D_MODEL)),
  /** Fig 9: number of experts. */
  EXPERT_COUNT(
      "figure-9",
      "number of experts E",
      List.of(8, 16, 32, 64, 128, 256),
      (sizes, e) -> experts(sizes, e, 128),
      sizes -> sizes.get(EXPERTS)),
  /** Fig 10: size of experts. */
  SIZE(
      "figure-10",
      "size of an expert G",
      List.of(64, 128, 256, 512, 1024),
      (sizes, g) -> experts(sizes, 32, g),
      sizes -> sizes.get(EXPERT_SIZE)),
  /** Fig 11: d_model, all else fixed. */
  WIDTH(
      "figure-11",
      "d_model",
      List.of(128, 256, 512, 1024, 2048),
      (sizes, d) -> experts(sizes.with(D_MODEL, d), 32, 128),
      sizes -> sizes.get(D_MODEL)),
  /** Experts of a token. */
  CHOSEN(
      "k",
      "experts of a token K",
      List.of(1, 2, 4, 8, 16),
      (sizes, k) -> experts(sizes, 32, 128).with(K, k),
      sizes -> sizes.get(K)),
  /** Tokens of a step, in eighths of what there are. */
  TOKENS(
      "tokens",
      "tokens of a step N",
      List.of(1, 2, 4, 8),
      (sizes, eighths) -> sizes.atMostTokens(Math.max(1, sizes.tokens() * eighths / 8)),
      Sizes::tokens),
  /** Length of context and memory, with as many tokens. */
  LENGTH(
      "context",
      "context T (memory M = T, as many tokens)",
      List.of(64, 128, 256, 512, 1024),
      (sizes, t) ->
          sizes.with(BATCH, Math.max(1, sizes.tokens() / t)).with(CONTEXT, t).with(MEMORY, t),
      sizes -> sizes.get(CONTEXT));

  private final String label;
  private final String axis;
  private final List<Integer> points;
  private final BiFunction<Sizes, Integer, Sizes> change;
  private final Function<Sizes, Integer> position;

  Sweep(
      String label,
      String axis,
      List<Integer> points,
      BiFunction<Sizes, Integer, Sizes> change,
      Function<Sizes, Integer> position) {
    this.label = label;
    this.axis = axis;
    this.points = points;
    this.change = change;
    this.position = position;
  }

  private static Sizes experts(Sizes sizes, int experts, int size) {
    return sizes
        .with(EXPERTS, experts)
        .with(EXPERT_SIZE, size)
        .with(D_FEED_FORWARD, experts * size);
  }

  /** The name in files. */
  public String label() {
    return label;
  }

  /** What grows, for an axis. */
  String axis() {
    return axis;
  }

  /**
   * The series.
   *
   * @param from all other sizes
   * @param widest the largest d_model that is measured
   */
  public List<Sizes> of(Sizes from, int widest) {
    return points.stream()
        .map(point -> change.apply(from, point))
        .filter(sizes -> sizes.get(Dimension.D_MODEL) <= widest)
        .distinct()
        .toList();
  }

  /** Where sizes stand in the series. */
  int position(Sizes sizes) {
    return position.apply(sizes);
  }

  /**
   * The series of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Sweep ofLabel(String label) {
    return Arrays.stream(values())
        .filter(sweep -> sweep.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no series is called '" + label + "'"));
  }

  /** Positions of rows, ascending. */
  static double[] positions(List<Row> rows, Sweep sweep) {
    return IntStream.range(0, rows.size())
        .mapToDouble(i -> sweep.position(rows.get(i).parsedSizes()))
        .toArray();
  }
}
