/**
 * How the feed-forward blocks of a trained model are used by a text: active units, selected experts
 * and values. Counted while the text streams by, in memory that does not grow with it.
 *
 * <p>What it is not: it knows no feed-forward family, only what one offers ({@link
 * org.sigmoe.nn.layer.Observed}), and trains and shows nothing.
 */
@NullMarked
package org.sigmoe.xl.analysis;

import org.jspecify.annotations.NullMarked;
