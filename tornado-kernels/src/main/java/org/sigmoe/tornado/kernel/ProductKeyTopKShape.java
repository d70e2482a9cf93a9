package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A choice of pairs of sub-keys by {@link ProductKeyTopKKernels}.
 *
 * @param rows of scores: queries times heads
 * @param keysA scores of a row of the first half
 * @param keysB scores of a row of the second half
 * @param k pairs that are chosen of a row, at most keysA * keysB
 */
public record ProductKeyTopKShape(int rows, int keysA, int keysB, int k) {
  /** Bytes of local memory that every device has for a work group. */
  private static final int LOCAL_BYTES = 48 * 1024;

  /**
   * Checks that the pairs of a row fit into local memory.
   *
   * @throws IllegalArgumentException if they do not, with the sizes
   */
  public ProductKeyTopKShape {
    if (k < 1 || k > (long) keysA * keysB) {
      throw new IllegalArgumentException(
          "At least 1 of %d * %d pairs can be chosen, not %d".formatted(keysA, keysB, k));
    }
    int pairs = pairs(keysA, keysB, k);
    int best = Math.min(keysA, k) + Math.min(keysB, k) + 1;
    int row = Float.BYTES * (keysA + keysB) + 2 * Float.BYTES * (best + pairs);
    int bytes = LaunchShapes.GROUP / lanes(keysA, keysB, pairs) * row;
    if (bytes > LOCAL_BYTES) {
      throw new IllegalArgumentException(
          ("To choose %d of %d * %d pairs of sub-keys takes %,d bytes of local memory; a device"
                  + " has %,d. Choose fewer pairs")
              .formatted(k, keysA, keysB, bytes, LOCAL_BYTES));
    }
  }

  /** Pairs of the largest scores whose sums can be among the k largest. */
  public int pairs() {
    return pairs(keysA, keysB, k);
  }

  private static int pairs(int keysA, int keysB, int k) {
    int pairs = 0;
    for (int i = 0; i < Math.min(keysA, k); i++) {
      pairs += Math.min(keysB, k / (i + 1));
    }
    return pairs;
  }

  /** Threads that share a row. */
  public int lanes() {
    return lanes(keysA, keysB, pairs());
  }

  private static int lanes(int keysA, int keysB, int pairs) {
    int work = Math.max(pairs, keysA + keysB);
    return work <= 64 ? 32 : work <= 256 ? 64 : work <= 512 ? 128 : LaunchShapes.GROUP;
  }

  /** The launch shape. */
  public WorkerGrid threads() {
    return LaunchShapes.groups(Math.ceilDiv(rows, LaunchShapes.GROUP / lanes()));
  }

  /**
   * Adds the task.
   *
   * @param scoresA [rows, keysA]
   * @param scoresB [rows, keysB]
   * @param sums of the chosen pairs, [rows, k]
   * @param indices of the chosen pairs, i * keysB + j, i32[rows, k]
   */
  public void addTo(
      TaskTarget to, FloatArray scoresA, FloatArray scoresB, FloatArray sums, IntArray indices) {
    to.task(
        "productKeyTopK",
        threads(),
        id ->
            new TaskPackage(
                id,
                ProductKeyTopKKernels::forward,
                to.context(),
                scoresA,
                scoresB,
                rows,
                keysA,
                keysB,
                k,
                pairs(),
                lanes(),
                sums,
                indices));
  }
}
