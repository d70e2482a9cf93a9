package org.sigmoe.tornado.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Operands of relative attention, and results and gradients by the definition, in f64. */
final class AttentionReference {
  final double[] q;
  final double[] kv;
  final double[] r;
  final double[] u;
  final double[] v;
  final double[] dy;
  final double[] y;
  final double[] lse;

  /** [H, B, T, S], and so are the gradients. */
  final double[] weights;

  final double[] dcontent;

  /** Where a key is hidden from a query, behind the query's positions. */
  final double[] dposition;

  double dscale;

  /** Sum of the magnitudes of the terms of which dscale is the sum. */
  double dscaleTerms;

  /** Largest of the terms of whose differences gradients for scores consist. */
  double largestTerm;

  AttentionReference(
      int batch,
      int queries,
      int memory,
      int heads,
      int size,
      int length,
      int reach,
      double scale) {
    SplittableRandom random = new SplittableRandom(7);
    int keys = queries + memory;
    int width = heads * size;
    q = normal(batch * queries * width, random);
    kv = normal(batch * keys * 2 * width, random);
    r = normal(keys * width, random);
    u = normal(width, random);
    v = normal(width, random);
    dy = normal(q.length, random);
    y = new double[q.length];
    lse = new double[batch * heads * queries];
    weights = new double[batch * heads * queries * keys];
    dcontent = new double[weights.length];
    dposition = new double[weights.length];
    for (int row = 0; row < lse.length; row++) {
      int h = row / queries / batch;
      int b = row / queries % batch;
      int i = row % queries;
      int atQ = (b * queries + i) * width + h * size;
      double[] scores = new double[keys];
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < keys; j++) {
        scores[j] = Double.NEGATIVE_INFINITY;
        if (j >= Math.max(memory - length, i + memory - reach) && j <= i + memory) {
          double score = 0;
          for (int p = 0; p < size; p++) {
            double key = kv[(b * keys + j) * 2 * width + h * 2 * size + p];
            double position = r[(j - i + queries - 1) * width + h * size + p];
            score += (q[atQ + p] + u[h * size + p]) * key;
            score += (q[atQ + p] + v[h * size + p]) * position;
          }
          scores[j] = scale * score;
          largest = Math.max(largest, scores[j]);
        }
      }
      double sum = 0;
      for (int j = 0; j < keys; j++) {
        sum += Math.exp(scores[j] - largest);
      }
      lse[(b * heads + h) * queries + i] = largest + Math.log(sum);
      double[] dweights = new double[keys];
      double mean = 0;
      for (int j = 0; j < keys; j++) {
        double weight = Math.exp(scores[j] - largest) / sum;
        weights[row * keys + j] = weight;
        for (int p = 0; p < size; p++) {
          double value = kv[(b * keys + j) * 2 * width + h * 2 * size + size + p];
          y[atQ + p] += weight * value;
          dweights[j] += dy[atQ + p] * value;
        }
        mean += weight * dweights[j];
      }
      for (int j = 0; j < keys; j++) {
        double weight = weights[row * keys + j];
        double dscore = weight * (dweights[j] - mean);
        largestTerm = Math.max(largestTerm, scale * weight * Math.abs(dweights[j]));
        double term = weight == 0 ? 0 : weight * dweights[j] * scores[j] / scale;
        dscale += weight == 0 ? 0 : dscore * scores[j] / scale;
        dscaleTerms += Math.abs(term);
        dcontent[row * keys + j] = scale * dscore;
        dposition[row * keys + (j - i + queries - 1) % keys] = scale * dscore;
      }
    }
  }

  private static double[] normal(int count, SplittableRandom random) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> (float) random.nextGaussian());
    return values;
  }
}
