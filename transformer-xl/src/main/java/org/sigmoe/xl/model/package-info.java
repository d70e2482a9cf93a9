/**
 * The Transformer-XL language model (Dai et al. 2019, in the pre-layer-norm form of Csordas et al.
 * 2023): its configuration, its layers, the memory that it carries from segment to segment, and the
 * graphs for training, evaluation and generation.
 *
 * <p>The feed-forward block is any {@link org.sigmoe.nn.layer.FeedForward}; which family it is,
 * nothing here knows. Data, training loops and sampling live elsewhere.
 */
@NullMarked
package org.sigmoe.xl.model;

import org.jspecify.annotations.NullMarked;
