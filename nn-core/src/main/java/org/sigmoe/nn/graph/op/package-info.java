/**
 * The primitive ops: one record each, with its shape rule, its gradient and its cost side by side.
 *
 * <p>What an op computes is defined by its Javadoc and by its plain Java form in {@code
 * org.sigmoe.nn.engine.reference}; fast forms live with their engines. An op whose gradient is not
 * made of other ops carries it as a nested record, {@code Gradient} where there is but one.
 *
 * <p>Shape letters beside those of {@link org.sigmoe.nn.graph}: E groups of rows (experts), G
 * hidden units of one, K slots of a token, S = N*K slots of all.
 */
@NullMarked
package org.sigmoe.nn.graph.op;

import org.jspecify.annotations.NullMarked;
