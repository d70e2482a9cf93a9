package org.sigmoe.tornado.kernel;

import org.sigmoe.nn.graph.op.ErrorFunction;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Non-linearities of one element, and their slopes, by number: kernels take no enums. Where the
 * number is a constant, only the code of one is left.
 */
public final class ActivationFunctions {
  /** x. */
  public static final int IDENTITY = 0;

  /** max(x, 0). */
  public static final int RELU = 1;

  /** x P(x), P being the standard normal distribution function. */
  public static final int GELU = 2;

  /** 1 / (1 + exp(-x)). */
  public static final int SIGMOID = 3;

  /** log(1 + exp(x)). */
  public static final int SOFTPLUS = 4;

  /** exp(x). */
  public static final int EXP = 5;

  /** sqrt(x). */
  public static final int SQRT = 6;

  /** Below it, 1 - exp(-y) is taken from its series, where the difference would lose digits. */
  private static final float SMALL = 0.02f;

  private ActivationFunctions() {}

  static float value(int activation, float x) {
    float y = x;
    if (activation == RELU) {
      y = TornadoMath.max(x, 0f);
    }
    if (activation == GELU) {
      y = x * distribution(x);
    }
    if (activation == SIGMOID) {
      y = 1f / (1f + TornadoMath.exp(-x));
    }
    if (activation == SOFTPLUS) {
      y = TornadoMath.max(x, 0f) + logOfOneMore(TornadoMath.exp(-TornadoMath.abs(x)));
    }
    if (activation == EXP) {
      y = TornadoMath.exp(x);
    }
    if (activation == SQRT) {
      y = TornadoMath.sqrt(x);
    }
    return y;
  }

  /** log(1 + e) for e in [0, 1], whose error the sum's rounding is kept out of (W. Kahan). */
  private static float logOfOneMore(float e) {
    float sum = 1f + e;
    float rounded = sum - 1f;
    return rounded > 0f ? TornadoMath.log(sum) * (e / rounded) : e;
  }

  /** dy f'(x), from y = f(x). */
  static float gradient(int activation, float dy, float y) {
    float dx = dy;
    if (activation == RELU) {
      dx = y > 0f ? dy : 0f;
    }
    if (activation == SIGMOID) {
      dx = dy * y * (1f - y);
    }
    if (activation == SOFTPLUS) {
      float series = y * (1f - y * (0.5f - y * (1f / 6f)));
      dx = dy * (y < SMALL ? series : 1f - TornadoMath.exp(-y));
    }
    if (activation == EXP) {
      dx = dy * y;
    }
    if (activation == SQRT) {
      dx = y > 0f ? dy / (2f * y) : 0f;
    }
    return dx;
  }

  /** P(x) + x p(x), p being the standard normal density. */
  static float geluSlope(float x) {
    float density = ErrorFunction.DENSITY_AT_0 * TornadoMath.exp(-0.5f * x * x);
    return distribution(x) + x * density;
  }

  private static float distribution(float x) {
    float z = TornadoMath.abs(x) * ErrorFunction.SQRT_HALF;
    float t = ErrorFunction.factor(z);
    float tail = 0.5f * t * TornadoMath.exp(ErrorFunction.exponent(z, t));
    return x > 0f ? 1f - tail : tail;
  }
}
