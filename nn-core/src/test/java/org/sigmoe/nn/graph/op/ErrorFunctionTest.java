package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorFunctionTest {
  /** z and erfc(z), from tables of many digits. */
  private static final double[][] KNOWN = {
    {0, 1},
    {0.1, 0.8875370839817152},
    {0.5, 0.4795001221869535},
    {1, 0.15729920705028513},
    {1.5, 0.033894853524689274},
    {2, 0.004677734981047266},
    {3, 2.209049699858544e-5},
    {4, 1.541725790028002e-8},
    {5, 1.5374597944280349e-12},
  };

  @Test
  void complementKeepsItsDigitsHoweverSmall() {
    for (double[] known : KNOWN) {
      float z = (float) known[0];
      float t = ErrorFunction.factor(z);
      double complement = t * Math.exp(ErrorFunction.exponent(z, t));
      assertEquals(1, complement / known[1], 3e-6, "erfc(" + z + ")");
    }
  }
}
