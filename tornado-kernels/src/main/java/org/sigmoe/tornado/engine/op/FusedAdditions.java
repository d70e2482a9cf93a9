package org.sigmoe.tornado.engine.op;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
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
  private final Map<Node, Node> products = new HashMap<>();
  private final Map<Value, List<Integer>> readers = new HashMap<>();
  private final Map<Node, Integer> positions = new HashMap<>();
  private final BufferPlan plan;

  private FusedAdditions(BufferPlan plan) {
    this.plan = plan;
  }

  /** No addition is computed along with a product. */
  static FusedAdditions none() {
    return new FusedAdditions(BufferPlan.of(new Graph()));
  }

  /**
   * The additions of a plan's schedule.
   *
   * @param outputs of the graph
   */
  public static FusedAdditions of(
      BufferPlan plan, List<Value> outputs, Backend backend, Precision precision) {
    FusedAdditions all = new FusedAdditions(plan);
    List<Node> schedule = plan.order();
    for (int i = 0; i < schedule.size(); i++) {
      int position = i;
      all.positions.put(schedule.get(i), i);
      schedule
          .get(i)
          .operands()
          .forEach(v -> all.readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(position));
    }
    if (backend == Backend.CUDA) {
      schedule.stream()
          .filter(FusedAdditions::plainSum)
          .forEach(node -> all.fuse(node, value -> !outputs.contains(value), precision));
    }
    return all;
  }

  private static boolean plainSum(Node node) {
    return node.op() instanceof Add
        || node.op() instanceof AddDropout op && !op.biased() && op.rate() == 0;
  }

  private void fuse(Node sum, Predicate<Value> inner, Precision precision) {
    // The product that is computed last finds the other operand there.
    for (int index = 1; index >= 0; index--) {
      Value product = sum.operand(index);
      Value addend = sum.operand(1 - index);
      if (product.origin() instanceof Value.Result(Node node, int _)
          && inner.test(product)
          && readers(product).size() == 1
          && !ofProduct.containsKey(node)
          && placed(node, addend, sum, precision)) {
        ofProduct.put(node, new Addition(addend, sum.result(0)));
        products.put(sum, node);
        return;
      }
    }
  }

  /** Whether the addend is there when the product is computed, and the place of the sum free. */
  private boolean placed(Node product, Value addend, Node sum, Precision precision) {
    int begin = positions.getOrDefault(product, Integer.MAX_VALUE);
    int end = positions.getOrDefault(sum, 0);
    if (addend.origin() instanceof Value.Result(Node node, int _)
        && positions.getOrDefault(node, Integer.MAX_VALUE) >= begin) {
      return false;
    }
    int place = plan.bufferOf(sum.result(0));
    boolean overAddend =
        place == plan.bufferOf(addend)
            && readers(addend).stream().noneMatch(reader -> begin <= reader && reader < end);
    return switch (product.op()) {
      case ScatterMatMul _ ->
          precision == Precision.BF16 && (overAddend || place == plan.bufferOf(product.result(0)));
      case MatMul _ -> overAddend && MatMulChoice.chosen() == MatMulChoice.CUBLAS;
      default -> false;
    };
  }

  private List<Integer> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** What the tasks of a product add to it, and where the sum goes; null if nothing. */
  @Nullable Addition ofProduct(Node product) {
    return ofProduct.get(product);
  }

  /** Whether the tasks of a product compute this node. */
  boolean contains(Node sum) {
    return products.containsKey(sum);
  }
}
