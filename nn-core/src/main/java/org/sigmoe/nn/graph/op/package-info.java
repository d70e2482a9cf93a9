/**
 * The primitive ops: one record each, with its shape rule, its gradient and its cost side by side.
 *
 * <p>What an op computes is defined by its Javadoc and by the plain Java form of the same name in
 * {@code org.sigmoe.nn.engine.reference}; fast forms live with their engines. An op that has a
 * gradient of its own carries it as a nested record {@code Gradient}.
 */
@NullMarked
package org.sigmoe.nn.graph.op;

import org.jspecify.annotations.NullMarked;
