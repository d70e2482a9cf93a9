package org.sigmoe.nn.layer;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;

/**
 * A value that a layer offers for analysis.
 *
 * @param what its meaning
 * @param value an output of the graph
 */
public record Observation(Observed what, Value value) {

  /** The module of the model that made it, for example {@code layers.0.feed_forward}. */
  public String scope() {
    return value.origin() instanceof Value.Result(Node node, int _) ? node.scope() : "";
  }
}
