package org.sigmoe.bench.work;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Slots routed to groups at random, as a router would leave them: the groups of a token are all
 * different.
 *
 * @param indices the groups of each token, [N, K]
 * @param order slots sorted by group, those of one group ascending
 * @param offsets first sorted slot of each group, and the number of slots
 */
record RoutedData(int[] indices, int[] order, int[] offsets) {

  /** For so many tokens. */
  static RoutedData random(int tokens, int k, int groups, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] indices = new int[Math.multiplyExact(tokens, k)];
    int[] all = new int[groups];
    Arrays.setAll(all, i -> i);
    for (int token = 0; token < tokens; token++) {
      for (int slot = 0; slot < k; slot++) {
        int other = random.nextInt(slot, groups);
        int chosen = all[other];
        all[other] = all[slot];
        all[slot] = chosen;
        indices[token * k + slot] = chosen;
      }
    }
    return sorted(indices, groups);
  }

  private static RoutedData sorted(int[] indices, int groups) {
    int[] offsets = new int[groups + 1];
    for (int index : indices) {
      offsets[index + 1]++;
    }
    Arrays.parallelPrefix(offsets, Integer::sum);
    int[] next = Arrays.copyOf(offsets, groups);
    int[] order = new int[indices.length];
    for (int slot = 0; slot < indices.length; slot++) {
      order[next[indices[slot]]++] = slot;
    }
    return new RoutedData(indices, order, offsets);
  }
}
