package org.sigmoe.moe.router;

import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.DropoutSite;

/**
 * Which experts a token may not use in this step. Scores become 0 there and are left alone
 * elsewhere: neither rescaled nor made infinite, so that a token whose experts are all dropped gets
 * weights of 0, not a number that is none.
 */
public interface ExpertMask {

  /**
   * Scores with 0 where an expert is dropped; each call drops the same ones.
   *
   * @param scores [.., E]
   */
  Value apply(Value scores);

  /**
   * Drops each expert of each token with the site's rate (Csordas et al. 2023, eq. 22).
   *
   * @param site with a rate above 0
   */
  static ExpertMask dropout(DropoutSite site) {
    return scores -> Dropout.of(scores, site, Dropout.Scaling.NONE);
  }
}
