package org.sigmoe.nn.graph.op;

import org.sigmoe.nn.graph.Shape;

/**
 * Sizes of a product of sorted rows with the matrices of their groups.
 *
 * @param slots S = N*K, sorted rows
 * @param groups E, matrices
 * @param width D, columns of what is gathered from or scattered to (the tokens)
 * @param size G, columns of the sorted rows
 */
public record GroupedSizes(int slots, int groups, int width, int size) {

  /** Of sorted rows and the tokens' tensor. */
  static GroupedSizes of(Shape sorted, Shape tokens, int groups) {
    return new GroupedSizes(sorted.rows(), groups, tokens.columns(), sorted.columns());
  }

  /** Floating-point operations of the products of all rows. */
  public long flops() {
    return 2L * slots * width * size;
  }
}
