package org.sigmoe.nn.engine;

import java.util.Locale;

/**
 * What the operands of matrix products are rounded to. Sums, everything else, parameters and
 * optimiser state are f32 in every precision.
 */
public enum Precision {
  /** 32-bit floats as they are. */
  F32,
  /** 19 bits (8 of exponent, 10 of mantissa), on NVIDIA tensor cores. */
  TF32,
  /** 16 bits (8 of exponent, 7 of mantissa). */
  BF16;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
