package org.sigmoe.nn.graph.op;

/**
 * How far back {@link RelativeAttention} looks from a query: with M memory positions before T
 * queries, query i stands at position M + i.
 */
public enum AttentionWindow {
  /** To the oldest memory position, M + i positions: later queries of a segment see more. */
  MEMORY,

  /**
   * M positions, wherever the query stands in its segment, as if tokens came one at a time. The
   * evaluation of Transformer-XL ("same length" in its code) and of the code of arXiv 2310.10837.
   */
  SLIDING
}
