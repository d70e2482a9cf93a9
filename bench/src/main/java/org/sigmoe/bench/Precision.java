package org.sigmoe.bench;

/** What the matrix products of a training step read; sums, weights and optimiser state are f32. */
public enum Precision {
  /** Products of f32 numbers. */
  F32,
  /** Products of bf16 numbers, rounded from f32 weights in each step. */
  BF16
}
