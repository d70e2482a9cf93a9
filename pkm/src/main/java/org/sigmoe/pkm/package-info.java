/**
 * Product-key memories (Lample et al. 2019) as a family of feed-forward blocks, with the choices of
 * Csordas et al. 2023. {@link org.sigmoe.pkm.PkmConfig} is where to begin. The lookup itself is ops
 * of nn-core ({@code ProductKeyScores}, {@code ProductKeyTopK}, {@code WeightedGather}); no engine
 * is known here.
 */
@NullMarked
package org.sigmoe.pkm;

import org.jspecify.annotations.NullMarked;
