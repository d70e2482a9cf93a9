package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.tornado.device.Backend;

/**
 * Additions to a product, or to a gradient of layer norm's input, that nobody else reads: its tasks
 * add the other operand along with it, which spares a pass over memory. The sum lies in the place
 * of the product or gradient, or in that of the other operand.
 *
 * <p>What experts give back is summed up later if a product is added to the sum, as a router's
 * gradient is to that of the experts: the product is then rounded as theirs are, and one pass adds
 * up all.
 */
public final class FusedAdditions {

  /** sum = product or gradient + addend. */
  record Addition(Value addend, Value sum) {}

  private final Map<Node, Addition> ofSummand = new HashMap<>();
  private final Set<Node> sums = new HashSet<>();

  /** For each product the scatter whose slots its tasks sum up. */
  private final Map<Node, Node> lateScatters = new HashMap<>();

  private FusedAdditions() {}

  /**
   * The additions of a plan's schedule.
   *
   * @param outputs of the graph
   */
  public static FusedAdditions of(
      BufferPlan plan, List<Value> outputs, Backend backend, Precision precision) {
    FusedAdditions all = new FusedAdditions();
    if (backend == Backend.CUDA) {
      Readers readers = new Readers(plan.order(), outputs);
      plan.order().stream()
          .filter(FusedAdditions::plainSum)
          .forEach(sum -> all.fuse(sum, plan, readers, precision));
    }
    return all;
  }

  private static boolean plainSum(Node node) {
    return node.op() instanceof Add
        || node.op() instanceof AddDropout op && !op.biased() && op.rate() == 0;
  }

  private void fuse(Node sum, BufferPlan plan, Readers readers, Precision precision) {
    // What is computed last finds the other operand there.
    for (int index = 1; index >= 0; index--) {
      Value summand = sum.operand(index);
      Value addend = sum.operand(1 - index);
      if (summand.origin() instanceof Value.Result(Node node, int number)
          && number == 0
          && sum.equals(readers.sole(summand))
          && readers.isThere(addend, node)
          && placed(node, addend, sum, plan, readers, precision)) {
        Node scatter =
            node.op() instanceof MatMul ? scatterToDelay(addend, node, plan, readers) : null;
        if (scatter != null && precision == Precision.BF16) {
          lateScatters.put(node, scatter);
        }
        ofSummand.put(node, new Addition(addend, sum.result(0)));
        sums.add(sum);
        return;
      }
    }
  }

  /**
   * The scatter that a value comes from, if it can be summed up when a product is computed that
   * alone is added to it; else null.
   */
  private @Nullable Node scatterToDelay(
      Value value, Node product, BufferPlan plan, Readers readers) {
    if (readers.sole(value) == null
        || !(value.origin() instanceof Value.Result(Node last, int _))) {
      return null;
    }
    Node summand = summand(value);
    Node scatter = summand == null ? last : summand;
    // Without weights it is a gradient, whose products are rounded anyway.
    if (!(scatter.op() instanceof ScatterMatMul op) || op.weighted()) {
      return null;
    }
    Addition addition = ofSummand.get(scatter);
    return addition == null || readers.stays(addition.addend(), last, product, plan)
        ? scatter
        : null;
  }

  /** The node whose tasks add up a sum; null if it has tasks of its own. */
  private @Nullable Node summand(Value sum) {
    return ofSummand.entrySet().stream()
        .filter(entry -> entry.getValue().sum() == sum)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** Whether the place of the sum is free when the summand is computed. */
  private static boolean placed(
      Node summand, Value addend, Node sum, BufferPlan plan, Readers readers, Precision precision) {
    int place = plan.bufferOf(sum.result(0));
    boolean overAddend = place == plan.bufferOf(addend) && !readers.isRead(addend, summand, sum);
    boolean inPlace = place == plan.bufferOf(summand.result(0));
    return switch (summand.op()) {
      case LayerNorm.Gradient _ -> overAddend || inPlace;
      case ScatterMatMul _ -> precision == Precision.BF16 && (overAddend || inPlace);
      case MatMul _ -> overAddend && MatMulChoice.chosen() == MatMulChoice.CUBLAS;
      default -> false;
    };
  }

  /** What the tasks of a node add to its result, and where the sum goes; null if nothing. */
  @Nullable Addition ofSummand(Node node) {
    return ofSummand.get(node);
  }

  /** The scatter whose slots the tasks of a product sum up, with the product; null if none. */
  @Nullable Node lateScatter(Node product) {
    return lateScatters.get(product);
  }

  /** Whether a scatter's slots are summed up by the tasks of a later product. */
  boolean isSummedLater(Node scatter) {
    return lateScatters.containsValue(scatter);
  }

  /** Whether the tasks of a summand compute this node. */
  boolean contains(Node sum) {
    return sums.contains(sum);
  }
}
