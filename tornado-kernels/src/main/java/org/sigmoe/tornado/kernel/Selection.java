package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The k-th largest element of a row, NaN apart, exactly, by a work group of {@value
 * LaunchShapes#GROUP} threads. Two elements that enclose it are moved towards each other until they
 * are one: the elements on either side of their mean are counted, and one of the two becomes the
 * element next to the mean. That takes some 15 passes over a row of a few thousand elements of one
 * magnitude, and never more than there are distinct elements. The row is read again each time, from
 * the cache.
 */
final class Selection {
  /** Work groups reduce in two steps of so many. */
  private static final int EDGE = 16;

  private Selection() {}

  /**
   * The k-th largest of {@code x[at + c] * factor[c]}, c below columns, in all threads; the least
   * if fewer than k are numbers.
   *
   * @param scaled 1, or 0 to leave the factor out
   */
  static float kthLargest(
      KernelContext context,
      FloatArray x,
      FloatArray factor,
      int scaled,
      int at,
      int columns,
      int k) {
    int[] counts = context.allocateIntLocalArray(LaunchShapes.GROUP);
    float[] leasts = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    float[] greatests = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    int thread = context.localIdx;
    int edge = thread % EDGE;

    float max = Float.NEGATIVE_INFINITY;
    float negatedMin = Float.NEGATIVE_INFINITY;
    for (int c = thread; c < columns; c += LaunchShapes.GROUP) {
      float element = element(x, factor, scaled, at, c);
      // Comparisons, in which a NaN does not count.
      max = element > max ? element : max;
      negatedMin = -element > negatedMin ? -element : negatedMin;
    }
    float low = -GroupReductions.max(context, negatedMin, LaunchShapes.GROUP);
    float high = GroupReductions.max(context, max, LaunchShapes.GROUP);

    // At least k elements are not below low, fewer than k are above high.
    while (low < high) {
      float middle = between(low, high);
      int count = 0;
      float least = Float.POSITIVE_INFINITY;
      float greatest = Float.NEGATIVE_INFINITY;
      for (int c = thread; c < columns; c += LaunchShapes.GROUP) {
        float element = element(x, factor, scaled, at, c);
        int equal = element == middle ? 1 : 0;
        int above = equal + (element > middle ? 1 : 0);
        count += above;
        least = above == 1 ? TornadoMath.min(least, element) : least;
        greatest = element < middle ? TornadoMath.max(greatest, element) : greatest;
      }
      counts[thread] = count;
      leasts[thread] = least;
      greatests[thread] = greatest;
      context.localBarrier();
      // Every thread takes part in both steps: no branch comes before a barrier.
      count = 0;
      for (int i = edge; i < LaunchShapes.GROUP; i += EDGE) {
        count += counts[i];
        least = TornadoMath.min(least, leasts[i]);
        greatest = TornadoMath.max(greatest, greatests[i]);
      }
      context.localBarrier();
      counts[thread] = count;
      leasts[thread] = least;
      greatests[thread] = greatest;
      context.localBarrier();
      count = 0;
      for (int i = 0; i < EDGE; i++) {
        count += counts[i];
        least = TornadoMath.min(least, leasts[i]);
        greatest = TornadoMath.max(greatest, greatests[i]);
      }
      context.localBarrier();
      low = count < k ? low : least;
      high = count < k ? greatest : high;
    }
    return low;
  }

  /** A number above low and not above high, their mean if it is one; finite if it can be. */
  private static float between(float low, float high) {
    float mean =
        0.5f * TornadoMath.max(low, -Float.MAX_VALUE)
            + 0.5f * TornadoMath.min(high, Float.MAX_VALUE);
    float inside = TornadoMath.min(mean, high);
    return inside > low ? inside : high;
  }

  private static float element(FloatArray x, FloatArray factor, int scaled, int at, int c) {
    float element = x.get(at + c);
    if (scaled == 1) {
      element = element * factor.get(c);
    }
    return element;
  }
}
