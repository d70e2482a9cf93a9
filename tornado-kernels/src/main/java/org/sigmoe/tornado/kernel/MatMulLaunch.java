package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * How a product of {@link MatMulKernels} is spread over work groups. Chosen from the sizes alone,
 * so that the order of sums, and with it every bit, is the same on every device.
 */
public sealed interface MatMulLaunch {

  /** Work groups of the kernel. */
  int groups();

  /** Threads of the kernel. */
  default WorkerGrid threads() {
    return LaunchShapes.groups(groups());
  }

  /**
   * For {@link MatMulKernels#byTiles}.
   *
   * @param values elements of c a thread computes each way
   * @param chunk terms of a part
   * @param parts of the sums; for more than one the kernel writes [parts, m, n] partial sums
   */
  record Tiles(int values, int chunk, int parts, int groups) implements MatMulLaunch {}

  /**
   * For {@link MatMulKernels#byRows}.
   *
   * @param lanes threads that share an element
   */
  record Rows(int lanes, int groups) implements MatMulLaunch {}

  /** Up to so many rows {@link MatMulKernels#byRows} is faster than a tile of mostly zeros. */
  int MOST_ROWS = 4;

  /** Work groups that keep a large GPU busy, two on each of some 130 multiprocessors. */
  int ENOUGH_GROUPS = 256;

  /** A part shorter than this costs more in partial sums than it gains. */
  int SHORTEST_PART = 256;

  /**
   * The launch for a product.
   *
   * @param m rows of c
   * @param n columns of c
   * @param k length of the sums
   * @param innerB distance of the terms of a column in b
   */
  static MatMulLaunch of(int m, int n, int k, int innerB) {
    if (m <= MOST_ROWS) {
      int lanes = innerB == 1 ? 32 : 8;
      int columns = LaunchShapes.GROUP / lanes;
      return new Rows(lanes, m * Math.ceilDiv(n, columns));
    }
    Tiles large = tiles(m, n, k, 8);
    // Eight by eight values need half the reads of local memory for a product, but multiprocessors
    // that idle, or tiles mostly outside of c, cost more than that.
    boolean filled = large.groups() >= ENOUGH_GROUPS / 4 && m > 64 && n > 64;
    return filled ? large : tiles(m, n, k, 4);
  }

  /**
   * How each of {@code count} products of one size is spread that {@link StridedMatMulKernels} runs
   * side by side.
   */
  static Tiles ofEach(int count, int m, int n, int k) {
    return tiles(count, m, n, k, 4);
  }

  private static Tiles tiles(int m, int n, int k, int values) {
    return tiles(1, m, n, k, values);
  }

  private static Tiles tiles(int count, int m, int n, int k, int values) {
    int edge = 16 * values;
    int tiles = Math.ceilDiv(m, edge) * Math.ceilDiv(n, edge);
    int wanted = Math.clamp(k / SHORTEST_PART, 1, Math.ceilDiv(ENOUGH_GROUPS, count * tiles));
    int chunk = Math.ceilDiv(Math.ceilDiv(k, wanted), MatMulKernels.STEP) * MatMulKernels.STEP;
    int parts = Math.ceilDiv(k, chunk);
    return new Tiles(values, chunk, parts, tiles * parts);
  }
}
