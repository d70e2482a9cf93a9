package org.sigmoe.bench.result;

import java.util.List;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;

/**
 * What a work costs, counted from its graph; elements count as f32 in every precision.
 *
 * @param nodes of each op that runs
 * @param activationBytes what the forward pass makes and keeps, its result included
 */
public record WorkCost(List<Cost> nodes, long activationBytes) {

  /** Of a graph. */
  public static WorkCost of(Graph graph) {
    BufferPlan plan = BufferPlan.of(graph);
    return new WorkCost(plan.order().stream().map(Node::cost).toList(), plan.activationBytes());
  }

  /** Of all nodes. */
  public Cost total() {
    return nodes.stream().reduce(Cost.ZERO, Cost::plus);
  }

  /**
   * The floor in milliseconds: no node can be faster than its FLOPs at the peak of matrix products,
   * nor than its operands and results through memory. Nodes come one after the other, so that
   * fusion may beat the sum, and so may a cache that holds what one node leaves to the next.
   */
  public double floorMilliseconds(Peaks peaks, String precision) {
    double flops = peaks.flopsPerSecond(precision);
    return nodes.stream()
        .mapToDouble(
            cost ->
                1e3
                    * Math.max(
                        cost.flops() / flops,
                        (cost.bytesRead() + cost.bytesWritten()) / peaks.bytesPerSecond()))
        .sum();
  }
}
