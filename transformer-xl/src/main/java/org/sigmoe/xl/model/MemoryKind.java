package org.sigmoe.xl.model;

/** What is remembered of each token of earlier segments. */
public enum MemoryKind {
  /**
   * The inputs of each layer, [B, M, D], before its layer norm: norm, keys and values are computed
   * again with the parameters of now. The form for training, as the paper's code has it.
   */
  LAYER_INPUTS,
  /**
   * The projected keys and values of each layer, [B, M, H*2*P]. With fixed parameters the result is
   * the same and nothing is computed twice: the form for evaluation and generation.
   */
  KEYS_AND_VALUES
}
