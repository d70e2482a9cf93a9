package org.sigmoe.xl.analysis;

import java.util.Comparator;
import java.util.List;

/**
 * How much experts or values are used: the sum, over all tokens, of the weights (their magnitudes)
 * with which each was selected.
 *
 * @param choices how many there are
 * @param perToken how many are selected for a token, by all heads together
 * @param shares of each one in the sum of all, by its number; all 0 where no weight was above 0
 */
public record Use(int choices, int perToken, List<Double> shares) {

  /** Copies the shares. */
  public Use {
    shares = List.copyOf(shares);
  }

  static Use of(int perToken, double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    Double[] shares = new Double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      shares[i] = sum > 0 ? weights[i] / sum : 0;
    }
    return new Use(weights.length, perToken, List.of(shares));
  }

  /** The shares from the greatest to the smallest (figures 3 and 7 of Csordas et al. 2023). */
  public List<Double> sorted() {
    return shares.stream().sorted(Comparator.reverseOrder()).toList();
  }

  /** Entropy of the shares, in nats; at most ln of the number of choices. */
  public double entropy() {
    return -shares.stream()
        .filter(share -> share > 0)
        .mapToDouble(share -> share * Math.log(share))
        .sum();
  }

  /** exp(entropy) / choices: 1 if all are used alike, 1 / choices if one is used alone. */
  public double relativePerplexity() {
    return Math.exp(entropy()) / choices;
  }

  /** How many were never selected with a weight other than 0: dead experts. */
  public int unused() {
    return (int) shares.stream().filter(share -> share == 0).count();
  }

  /** The part of all that was selected with a weight other than 0, in [0, 1]. */
  public double usedShare() {
    return (choices - unused()) / (double) choices;
  }
}
