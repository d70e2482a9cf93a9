package org.sigmoe.nn.engine.reference;

/** The standard normal distribution, in double precision. */
final class NormalReference {
  /** From here on the distribution function differs from 0 or 1 by less than 1e-18. */
  private static final double FAR = 9;

  private NormalReference() {}

  /** exp(-x^2 / 2) / sqrt(2 pi). */
  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The integral of the density up to x: 1/2 + density(x) * (x + x^3/3 + x^5/(3*5) + ...), a series
   * whose terms all have the sign of x (G. Marsaglia, Evaluating the Normal Distribution, 2004).
   */
  static double distribution(double x) {
    if (Math.abs(x) > FAR) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    double before = Double.NaN;
    for (int odd = 3; sum != before; odd += 2) {
      before = sum;
      term *= x * x / odd;
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }
}
