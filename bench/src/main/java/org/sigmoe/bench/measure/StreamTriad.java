package org.sigmoe.bench.measure;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The triad of the STREAM benchmark, a[i] = b[i] + s c[i], on several threads. */
final class StreamTriad {
  private StreamTriad() {}

  /** Bytes that are read and written a second, at best. */
  static double bytesPerSecond(int threads, int elements) {
    int each = elements / threads;
    float[][] a = new float[threads][each];
    float[][] b = new float[threads][each];
    float[][] c = new float[threads][each];
    IntStream.range(0, threads)
        .forEach(
            thread -> {
              Arrays.fill(b[thread], 1);
              Arrays.fill(c[thread], 2);
            });
    double seconds =
        PeakMeter.bestSeconds(
            () -> {
              Thread[] workers = new Thread[threads];
              for (int i = 0; i < threads; i++) {
                int own = i;
                workers[i] = Thread.ofPlatform().start(() -> triad(a[own], b[own], c[own], 3));
              }
              for (Thread worker : workers) {
                join(worker);
              }
            });
    return 3.0 * Float.BYTES * each * threads / seconds;
  }

  private static void triad(float[] a, float[] b, float[] c, float s) {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + s * c[i];
    }
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while memory was measured", e);
    }
  }
}
