package org.sigmoe.xl.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Adds up the weights with which experts or values are selected. */
final class SelectionTally {
  private final int perToken;
  private final double[] weights;

  /**
   * Nothing yet.
   *
   * @param choices how many can be selected
   * @param perToken how many are selected for a token
   */
  SelectionTally(int choices, int perToken) {
    this.perToken = perToken;
    this.weights = new double[choices];
  }

  /**
   * Adds a batch.
   *
   * @param indices i32 [.., K]
   * @param selectionWeights f32, the same shape
   */
  void add(MemorySegment indices, MemorySegment selectionWeights) {
    long slots = indices.byteSize() / Integer.BYTES;
    for (long slot = 0; slot < slots; slot++) {
      weights[indices.getAtIndex(ValueLayout.JAVA_INT, slot)] +=
          Math.abs(selectionWeights.getAtIndex(ValueLayout.JAVA_FLOAT, slot));
    }
  }

  Use use() {
    return Use.of(perToken, weights);
  }
}
