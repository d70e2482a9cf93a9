package org.sigmoe.nn.layer;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.TopK;

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

  /**
   * From how many experts or values the numbers of {@link Observed#EXPERTS} or {@link
   * Observed#KEYS} were selected.
   *
   * @throws IllegalStateException if the value was not made by an op that selects
   */
  public int choices() {
    if (value.origin() instanceof Value.Result(Node node, int _)) {
      if (node.op() instanceof TopK) {
        return node.operand(0).shape().columns();
      }
      if (node.op() instanceof ProductKeyTopK) {
        return Math.multiplyExact(
            node.operand(0).shape().columns(), node.operand(1).shape().columns());
      }
    }
    throw new IllegalStateException(value + " was not made by TopK or ProductKeyTopK");
  }
}
