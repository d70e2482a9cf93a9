package org.sigmoe.bench.result;

/**
 * y = c x^p, fitted by least squares on logarithms.
 *
 * @param exponent p
 * @param factor c
 * @param fit R^2 of the logarithms: 1 if all points lie on it, and where y does not vary
 */
record PowerLaw(double exponent, double factor, double fit) {

  /**
   * The law nearest to these points.
   *
   * @throws IllegalArgumentException if there are fewer than two different x, or not as many y, or
   *     one is not positive
   */
  static PowerLaw of(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " x and " + y.length + " y are no points");
    }
    double meanX = meanLog(x);
    double meanY = meanLog(y);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = Math.log(x[i]) - meanX;
      double dy = Math.log(y[i]) - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    if (!(xx > 0)) {
      throw new IllegalArgumentException("an exponent needs at least two different x");
    }
    double exponent = xy / xx;
    double fit = yy < 1e-12 ? 1 : xy * xy / (xx * yy);
    return new PowerLaw(exponent, Math.exp(meanY - exponent * meanX), fit);
  }

  private static double meanLog(double[] values) {
    double sum = 0;
    for (double value : values) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("a power law is of positive numbers, not " + value);
      }
      sum += Math.log(value);
    }
    return sum / values.length;
  }
}
