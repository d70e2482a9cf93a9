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
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.tornado.device.Backend;

/**
 * Additions to a product that nobody else reads: the tasks of the product add the other operand
 * along with it, which spares a pass over memory. The sum lies in the product's place, or in that
 * of the other operand.
 */
public final class FusedAdditions {

  /** y = product + addend. */
  record Addition(Value addend, Value sum) {}

  private final Map<Node, Addition> ofProduct = new HashMap<>();
  private final Set<Node> sums = new HashSet<>();

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
    // The product that is computed last finds the other operand there.
    for (int index = 1; index >= 0; index--) {
      Value product = sum.operand(index);
      Value addend = sum.operand(1 - index);
      if (product.origin() instanceof Value.Result(Node node, int _)
          && sum.equals(readers.sole(product))
          && readers.isThere(addend, node)
          && placed(node, addend, sum, plan, readers, precision)) {
        ofProduct.put(node, new Addition(addend, sum.result(0)));
        sums.add(sum);
        return;
      }
    }
  }

  /** Whether the place of the sum is free when the product is computed. */
  private static boolean placed(
      Node product, Value addend, Node sum, BufferPlan plan, Readers readers, Precision precision) {
    int place = plan.bufferOf(sum.result(0));
    boolean overAddend = place == plan.bufferOf(addend) && !readers.isRead(addend, product, sum);
    return switch (product.op()) {
      case ScatterMatMul _ ->
          precision == Precision.BF16 && (overAddend || place == plan.bufferOf(product.result(0)));
      case MatMul _ -> overAddend && MatMulChoice.chosen() == MatMulChoice.CUBLAS;
      default -> false;
    };
  }

  /** What the tasks of a product add to it, and where the sum goes; null if nothing. */
  @Nullable Addition ofProduct(Node product) {
    return ofProduct.get(product);
  }

  /** Whether the tasks of a product compute this node. */
  boolean contains(Node sum) {
    return sums.contains(sum);
  }
}
