package org.sigmoe.cli.report.figures;

import java.util.ArrayList;
import java.util.List;
import org.sigmoe.cli.figure.Curve;

/** Fewer samples of a curve, where there are more than can be seen. */
final class Thinning {
  private Thinning() {}

  /**
   * Of each stretch its lowest and highest sample, so that no peak is lost, and of those that are
   * not finite one.
   *
   * @param most about how many are left
   */
  static List<Curve.Sample> extremes(List<Curve.Sample> samples, int most) {
    if (samples.size() <= most) {
      return samples;
    }
    int stretches = Math.max(1, most / 2);
    List<Curve.Sample> kept = new ArrayList<>();
    for (int i = 0; i < stretches; i++) {
      int begin = (int) ((long) i * samples.size() / stretches);
      int end = (int) ((long) (i + 1) * samples.size() / stretches);
      int low = begin;
      int high = begin;
      for (int j = begin + 1; j < end; j++) {
        low = samples.get(j).y() < samples.get(low).y() ? j : low;
        high = samples.get(j).y() > samples.get(high).y() ? j : high;
      }
      kept.add(samples.get(Math.min(low, high)));
      if (low != high) {
        kept.add(samples.get(Math.max(low, high)));
      }
    }
    return kept;
  }

  /** Some of them, evenly spaced, with the first and the last. */
  static List<Curve.Sample> even(List<Curve.Sample> samples, int most) {
    if (samples.size() <= most) {
      return samples;
    }
    List<Curve.Sample> kept = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      kept.add(samples.get((int) ((long) i * (samples.size() - 1) / (most - 1))));
    }
    return kept;
  }
}
