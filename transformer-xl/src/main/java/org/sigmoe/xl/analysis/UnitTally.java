package org.sigmoe.xl.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Counts active units. */
final class UnitTally {
  private final int units;
  private final boolean[] active;
  private long tokens;
  private double sum;
  private double sumOfSquares;

  UnitTally(int units) {
    this.units = units;
    this.active = new boolean[units];
  }

  /**
   * Counts a batch.
   *
   * @param activations f32 [.., F]
   */
  void add(MemorySegment activations) {
    long rows = activations.byteSize() / Float.BYTES / units;
    for (long row = 0; row < rows; row++) {
      long count = 0;
      for (int unit = 0; unit < units; unit++) {
        if (activations.getAtIndex(ValueLayout.JAVA_FLOAT, row * units + unit) != 0) {
          active[unit] = true;
          count++;
        }
      }
      sum += count;
      sumOfSquares += (double) count * count;
    }
    tokens += rows;
  }

  UnitUse use() {
    double mean = sum / tokens;
    int never = 0;
    for (boolean unit : active) {
      never += unit ? 0 : 1;
    }
    // Counts are whole numbers: their squares add up exactly, and nothing cancels badly.
    double variance = Math.max(0, sumOfSquares / tokens - mean * mean);
    return new UnitUse(units, mean, Math.sqrt(variance), never);
  }
}
