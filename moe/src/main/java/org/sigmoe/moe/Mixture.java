package org.sigmoe.moe;

import org.sigmoe.moe.balance.Balance;
import org.sigmoe.moe.balance.ImportanceBalance;
import org.sigmoe.moe.router.NoisyRouter;
import org.sigmoe.moe.router.Router;

/**
 * What a {@link MixtureOfExperts} is made of: any router with any balance. The families that users
 * name are chosen ones of these.
 *
 * @param experts E, at least 1
 * @param expertSize G, hidden units of an expert, at least 1
 * @param k K, experts of a token, at least 1 and at most E
 * @param router how tokens find their experts
 * @param balance the loss that keeps experts in use
 * @param expertDropout probability that a token may not use an expert in a training step, in [0, 1)
 * @param dropout standard dropout of the hidden units
 * @param initialisation how weights start
 * @param options what any mixture can have
 */
public record Mixture(
    int experts,
    int expertSize,
    int k,
    Router router,
    Balance balance,
    double expertDropout,
    HiddenDropout dropout,
    Initialisation initialisation,
    ExpertOptions options) {

  /** Checks the ranges; messages name the key that users write. */
  public Mixture {
    Ranges.requireAtLeast(1, "experts", experts);
    Ranges.requireAtLeast(1, "expertSize", expertSize);
    Ranges.requireAtLeast(1, "k", k);
    if (k > experts) {
      throw new IllegalArgumentException(
          "k: a token cannot get %d of %d experts; give at most %d".formatted(k, experts, experts));
    }
    if ((long) experts * expertSize > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "experts: %d experts of %d units are too many".formatted(experts, expertSize));
    }
    Ranges.requireRate("expertDropout", expertDropout);
    boolean noisy = router instanceof NoisyRouter;
    if (noisy && expertDropout > 0) {
      throw new IllegalArgumentException(
          "expertDropout: must be 0 with noisy top-K, which explores by its noise");
    }
    if (balance instanceof ImportanceBalance(double weight) && weight > 0 && !(noisy && k > 1)) {
      throw new IllegalArgumentException(
          "importance: needs noisy top-K with k of at least 2, where the weights of a token sum to"
              + " 1; give 0");
    }
  }

  /**
   * Most slots that one of the experts takes in a batch of so many; all where there is no limit.
   */
  int capacity(int slots) {
    double factor = options.capacityFactor();
    return factor == 0
        ? slots
        : (int) Math.min(slots, Math.max(1, Math.ceil(factor * slots / experts)));
  }
}
