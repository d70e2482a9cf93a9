package org.sigmoe.tornado.kernel.emulator;

import java.util.Arrays;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * How many threads there are in each of the three directions.
 *
 * @param global threads in all
 * @param local threads of a group
 */
record Launch(int[] global, int[] local) {
  Launch {
    for (int d = 0; d < 3; d++) {
      if (local[d] <= 0 || global[d] % local[d] != 0) {
        throw new IllegalArgumentException(
            "groups of %s threads do not divide %s"
                .formatted(Arrays.toString(local), Arrays.toString(global)));
      }
    }
  }

  static Launch of(int groups, int threads) {
    return new Launch(
        new int[] {Math.multiplyExact(groups, threads), 1, 1}, new int[] {threads, 1, 1});
  }

  static Launch of(WorkerGrid grid) {
    if (grid.getLocalWork() == null) {
      throw new IllegalArgumentException("the grid has no local size: call setLocalWork");
    }
    return new Launch(ints(grid.getGlobalWork()), ints(grid.getLocalWork()));
  }

  private static int[] ints(long[] sizes) {
    return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  int groups() {
    return groups(0) * groups(1) * groups(2);
  }

  /** Groups in one direction. */
  int groups(int direction) {
    return global[direction] / local[direction];
  }

  /** Threads of a group. */
  int threads() {
    return local[0] * local[1] * local[2];
  }
}
