package org.sigmoe.moe.router;

/** A way to select experts and to weight them. */
public sealed interface Router
    permits NoisyRouter, RenormalisedRouter, SigmoidRouter, SinkhornRouter, SoftmaxRouter {

  /** Appends scores, selection and weights. */
  Routing route(RouterInput input);

  /** Whether it needs a second matrix of weights, for noise. */
  default boolean noisy() {
    return false;
  }
}
