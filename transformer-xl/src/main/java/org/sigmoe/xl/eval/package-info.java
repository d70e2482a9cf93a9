/**
 * How well a model predicts a text: one pass over held-out tokens with carried memory, counted
 * exactly.
 *
 * <p>What it is not: it trains nothing, loads no checkpoint and shows nothing.
 */
@NullMarked
package org.sigmoe.xl.eval;

import org.jspecify.annotations.NullMarked;
