package org.sigmoe.cli.statistics;

/** The mean of each value and its neighbours. */
public final class MovingMean {
  private MovingMean() {}

  /**
   * Smooths a series. At its ends, fewer neighbours count, as many on either side. Values that are
   * not finite stay as they are and count for no other.
   *
   * @param reach how many neighbours on each side
   */
  public static double[] of(double[] values, int reach) {
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        means[i] = values[i];
        continue;
      }
      int side = Math.min(reach, Math.min(i, values.length - 1 - i));
      double sum = 0;
      int count = 0;
      for (int j = i - side; j <= i + side; j++) {
        if (Double.isFinite(values[j])) {
          sum += values[j];
          count++;
        }
      }
      means[i] = sum / count;
    }
    return means;
  }
}
