package org.sigmoe.bench.result;

import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.shape.Sizes;

/**
 * One measurement.
 *
 * @param sweep which series of sizes it belongs to ({@link Sweep#label}); null for none
 * @param work what was done
 * @param sizes at which sizes, as {@link Sizes} writes them
 * @param precision of matrix products
 * @param threads of the processor
 * @param samples ours
 * @param peer libtorch's in the same run; null where it took no part
 * @param flops counted
 * @param bytes counted, each op's operands and results once
 * @param activationBytes counted
 * @param floorMilliseconds from the machine's peaks
 * @param error largest, against the reference at reduced sizes; null where nothing was compared
 */
public record Row(
    @Nullable String sweep,
    String work,
    String sizes,
    String precision,
    int threads,
    Samples samples,
    @Nullable Samples peer,
    long flops,
    long bytes,
    long activationBytes,
    double floorMilliseconds,
    @Nullable Double error) {

  /** The same as a point of a series; null for none. */
  public Row in(@Nullable String series) {
    return new Row(
        series,
        work,
        sizes,
        precision,
        threads,
        samples,
        peer,
        flops,
        bytes,
        activationBytes,
        floorMilliseconds,
        error);
  }

  /** The sizes. */
  public Sizes parsedSizes() {
    return Sizes.parse(sizes);
  }

  /** Which share of the floor's speed was reached. */
  double share() {
    return floorMilliseconds / samples.median();
  }
}
