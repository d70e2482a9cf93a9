package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link org.sigmoe.nn.graph.op.KeepLargest}: for each row the k-th largest product, then all
 * entries that are not smaller. The k-th largest is found digit by digit from the highest, by
 * counting, so that no row takes longer than another.
 */
final class KeepLargestKernel implements Kernel {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** What a worker needs for one row. */
  private static final class Work {
    private final int[] keys;
    private final int[] counts = new int[DIGITS];

    private Work(int columns) {
      keys = new int[columns];
    }
  }

  private final int columns;
  private final int k;
  private final long x;
  private final long scale;
  private final long y;
  private final Split split;
  private final Work[] works;

  /**
   * The largest entries of {@code rows} rows.
   *
   * @param k how many of a row are kept at least, at most {@code columns}
   * @param scale address of what entries are multiplied by to rank them; 0 for none
   */
  KeepLargestKernel(int rows, int columns, int k, int threads, long x, long scale, long y) {
    this.columns = columns;
    this.k = k;
    this.x = x;
    this.scale = scale;
    this.y = y;
    this.split = Split.of(rows, 4L * columns);
    this.works = new Work[threads];
    Arrays.setAll(works, _ -> new Work(columns));
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    Work work = works[worker];
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * columns;
      fillKeys(x + at, work.keys);
      keep(x + at, toFloat(kthLargest(work)), y + at);
    }
  }

  /** Integers that are ordered as the products are. A NaN is the least of all. */
  private void fillKeys(long from, int[] keys) {
    for (int c = 0; c < columns; c++) {
      float product = getFloat(from + 4L * c);
      if (scale != 0) {
        product *= getFloat(scale + 4L * c);
      }
      int bits = Float.floatToRawIntBits(product);
      keys[c] = Float.isNaN(product) ? Integer.MIN_VALUE : toOrdered(bits);
    }
  }

  /** Negative floats are ordered by their bits the wrong way round. It is its own inverse. */
  private static int toOrdered(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** The product of a key; below all others for that of a NaN. */
  private static float toFloat(int key) {
    return key == Integer.MIN_VALUE
        ? Float.NEGATIVE_INFINITY
        : Float.intBitsToFloat(toOrdered(key));
  }

  private int kthLargest(Work work) {
    int found = 0;
    int mask = 0;
    int wanted = k;
    for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      count(work, found, mask, shift);
      int digit = DIGITS - 1;
      while (work.counts[digit] < wanted) {
        wanted -= work.counts[digit];
        digit--;
      }
      found |= digit << shift;
      mask |= (DIGITS - 1) << shift;
    }
    return found ^ Integer.MIN_VALUE;
  }

  /** Counts the digits at {@code shift} of the keys that have the digits found so far. */
  private static void count(Work work, int found, int mask, int shift) {
    Arrays.fill(work.counts, 0);
    for (int key : work.keys) {
      // With the sign flipped digits compare as unsigned.
      int unsigned = key ^ Integer.MIN_VALUE;
      if ((unsigned & mask) == found) {
        work.counts[(unsigned >>> shift) & (DIGITS - 1)]++;
      }
    }
  }

  private void keep(long from, float threshold, long to) {
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int c = 0; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      long at = 4L * c;
      FloatVector entry = Lanes.load(from + at, left, rest);
      FloatVector product = scale == 0 ? entry : entry.mul(Lanes.load(scale + at, left, rest));
      FloatVector kept = entry.blend(0f, product.compare(VectorOperators.LT, threshold));
      Lanes.store(kept, to + at, left, rest);
    }
  }
}
