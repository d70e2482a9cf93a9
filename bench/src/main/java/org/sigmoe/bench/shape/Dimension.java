package org.sigmoe.bench.shape;

/** What a size of a model is; keys are those of the configurations of the command line. */
public enum Dimension {
  /** B, streams. */
  BATCH("batch"),
  /** T, tokens of a stream in one step. */
  CONTEXT("context"),
  /** M, positions of earlier segments that attention sees. */
  MEMORY("memory"),
  /** D, width of the residual stream. */
  D_MODEL("dModel"),
  /** L. */
  LAYERS("layers"),
  /** H. */
  HEADS("heads"),
  /** P, width of a head. */
  HEAD_SIZE("headSize"),
  /** Width of the dense block's hidden layer. */
  D_FEED_FORWARD("dFeedForward"),
  /** E. */
  EXPERTS("experts"),
  /** G, hidden units of an expert. */
  EXPERT_SIZE("expertSize"),
  /** K, experts of a token. */
  K("k"),
  /** Sub-keys of each half of a product-key memory. */
  SUB_KEYS("subKeys"),
  /** V. */
  VOCABULARY("vocabulary");

  private final String key;

  Dimension(String key) {
    this.key = key;
  }

  /** The name in text. */
  public String key() {
    return key;
  }

  /**
   * The dimension of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Dimension of(String key) {
    for (Dimension dimension : values()) {
      if (dimension.key.equals(key)) {
        return dimension;
      }
    }
    throw new IllegalArgumentException("no size is called '" + key + "'");
  }
}
