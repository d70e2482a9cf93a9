package org.sigmoe.nn.graph.op;

/**
 * The error function for engines in single precision, by its complement: erfc(z) = t exp(g(t) -
 * z^2) with t = 1 / (1 + z/2) and a polynomial g, for z at least 0 (W. Press et al., Numerical
 * Recipes in C, 2nd edition, section 6.2). Its relative error is below 1.2e-7 however small erfc
 * is, so that the tails of a normal distribution keep their digits.
 *
 * <p>The exponential is left to the engine. Kernels for GPUs are compiled from these very methods;
 * those on vectors read the coefficients.
 */
public final class ErrorFunction {
  /** 1 / sqrt(2): the distribution function of x is erfc(-x / sqrt(2)) / 2. */
  public static final float SQRT_HALF = 0.70710678f;

  /** 1 / sqrt(2 pi): the normal density is this times exp(-x^2 / 2). */
  public static final float DENSITY_AT_0 = 0.39894228f;

  /** g's coefficient of t^0. */
  public static final float G_0 = -1.26551223f;

  /** g's coefficient of t^1. */
  public static final float G_1 = 1.00002368f;

  /** g's coefficient of t^2. */
  public static final float G_2 = 0.37409196f;

  /** g's coefficient of t^3. */
  public static final float G_3 = 0.09678418f;

  /** g's coefficient of t^4. */
  public static final float G_4 = -0.18628806f;

  /** g's coefficient of t^5. */
  public static final float G_5 = 0.27886807f;

  /** g's coefficient of t^6. */
  public static final float G_6 = -1.13520398f;

  /** g's coefficient of t^7. */
  public static final float G_7 = 1.48851587f;

  /** g's coefficient of t^8. */
  public static final float G_8 = -0.82215223f;

  /** g's coefficient of t^9. */
  public static final float G_9 = 0.17087277f;

  private ErrorFunction() {}

  /** t for z at least 0. */
  public static float factor(float z) {
    return 1f / (1f + 0.5f * z);
  }

  /** g(t) - z^2: erfc(z) is t times the exponential of it. */
  public static float exponent(float z, float t) {
    float high = G_5 + t * (G_6 + t * (G_7 + t * (G_8 + t * G_9)));
    return G_0 + t * (G_1 + t * (G_2 + t * (G_3 + t * (G_4 + t * high)))) - z * z;
  }
}
