/**
 * Layers: named parameters with their initialisation, and the ops that a layer appends to a graph.
 *
 * <p>A {@link org.sigmoe.nn.layer.Layer} holds parameters and no state of a graph, so that the same
 * layer serves the training graph with dropout, the evaluation graph without and the generation
 * graph of one token. {@link org.sigmoe.nn.layer.FeedForward} is the replaceable part of a model;
 * its families are found by {@link java.util.ServiceLoader}.
 *
 * <p>Nothing here computes or knows an optimiser or a file; of engines only that one can be given
 * the initial parameters.
 */
@NullMarked
package org.sigmoe.nn.layer;

import org.jspecify.annotations.NullMarked;
