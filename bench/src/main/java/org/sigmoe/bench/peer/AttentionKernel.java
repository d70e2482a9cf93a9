package org.sigmoe.bench.peer;

/** How the peer computes softmax(content + position scores) times values. */
public enum AttentionKernel {
  /** Two batched products with a softmax between them. */
  BATCHED_MATMUL,
  /**
   * {@code scaled_dot_product_attention}, given the position scores as its mask. Its fused kernel
   * takes no mask that needs a gradient, so that libtorch falls back to products and a softmax of
   * its own.
   */
  SCALED_DOT_PRODUCT
}
