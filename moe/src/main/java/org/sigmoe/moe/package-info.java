/**
 * Mixture-of-experts feed-forward blocks: the hidden units are cut into experts, and each token is
 * given to K of them. One layer, {@link org.sigmoe.moe.MixtureOfExperts}, is put together from a
 * router, a loss that balances and a way to start; the families that users choose by name are
 * combinations of these: {@code sigma-moe}, {@code softmax-moe}, {@code switch}, {@code s-base} and
 * {@code noisy-top-k}.
 *
 * <p>The layer composes ops of nn-core and brings none of its own, so it runs on every engine.
 *
 * <p>BASE layers (Lewis et al. 2021) are left out. They solve a linear assignment in each step, by
 * an auction whose rounds depend on the scores; that is no static program and has little to run in
 * parallel. Sinkhorn's iteration ({@code s-base}) is the same problem made soft, and came to
 * replace it.
 */
@NullMarked
package org.sigmoe.moe;

import org.jspecify.annotations.NullMarked;
