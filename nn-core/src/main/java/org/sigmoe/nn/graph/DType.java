package org.sigmoe.nn.graph;

/** Element type of a tensor as the graph sees it; an engine may compute in a narrower one. */
public enum DType {
  /** 32-bit IEEE 754 floating point. */
  F32("f32"),
  /** 32-bit signed integer: tokens, positions, counters. */
  I32("i32");

  private final String label;

  DType(String label) {
    this.label = label;
  }

  /** Bytes of one element. */
  public int bytes() {
    return Integer.BYTES;
  }

  @Override
  public String toString() {
    return label;
  }
}
