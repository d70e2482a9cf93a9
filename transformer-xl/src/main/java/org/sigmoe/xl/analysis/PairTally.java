package org.sigmoe.xl.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts which experts are selected for the same token. */
final class PairTally {
  private final int perToken;
  private final long[][] pairs;

  PairTally(int experts, int perToken) {
    this.perToken = perToken;
    this.pairs = new long[experts][experts];
  }

  /**
   * Counts a batch.
   *
   * @param indices i32 [.., K]
   */
  void add(MemorySegment indices) {
    long tokens = indices.byteSize() / Integer.BYTES / perToken;
    for (long token = 0; token < tokens; token++) {
      for (int i = 0; i < perToken; i++) {
        int one = indices.getAtIndex(ValueLayout.JAVA_INT, token * perToken + i);
        for (int j = 0; j < perToken; j++) {
          int other = indices.getAtIndex(ValueLayout.JAVA_INT, token * perToken + j);
          pairs[one][other] += one == other ? 0 : 1;
        }
      }
    }
  }

  /** Each row divided by its sum. */
  List<List<Double>> shares() {
    List<List<Double>> rows = new ArrayList<>();
    for (long[] row : pairs) {
      double sum = Arrays.stream(row).sum();
      rows.add(Arrays.stream(row).mapToObj(count -> sum > 0 ? count / sum : 0.0).toList());
    }
    return rows;
  }
}
