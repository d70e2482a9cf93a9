package org.sigmoe.moe;

import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.RenormalisedRouter;
import org.sigmoe.moe.router.Router;
import org.sigmoe.moe.router.SoftmaxRouter;

/** Whether weights are a softmax over all experts or over the selected ones. */
public enum SoftmaxOrder {
  /** Over all: the weights of a token sum to less than 1. */
  BEFORE_TOP_K,
  /** Over the selected ones: they sum to 1. */
  AFTER_TOP_K;

  Router router(Compat compat) {
    return switch (this) {
      case BEFORE_TOP_K -> new SoftmaxRouter();
      case AFTER_TOP_K -> new RenormalisedRouter(compat);
    };
  }
}
