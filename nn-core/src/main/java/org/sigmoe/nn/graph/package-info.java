/**
 * The static computation graph: typed, shaped values, the nodes that make them, reverse-mode
 * differentiation, the order of execution, the buffer plan and the count of work.
 *
 * <p>A step of training or evaluation is described once and replayed; what changes from step to
 * step (tokens, learning rate, dropout counter) is data, never a new graph. Nothing here computes:
 * engines do ({@link org.sigmoe.nn.engine}), and nothing here knows them.
 *
 * <p>Shape letters, used throughout: B batch, T context, M memory, S = M + T, D d_model, H heads, P
 * size of a head, V vocabulary, N = B*T tokens.
 */
@NullMarked
package org.sigmoe.nn.graph;

import org.jspecify.annotations.NullMarked;
