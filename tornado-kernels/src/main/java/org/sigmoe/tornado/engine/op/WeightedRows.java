package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.ScatterMatMul;

/**
 * Outer products of hidden rows that are multiplied by the weights of their slots: the gradient for
 * these weights reads rows and weights before, and writes their products on its way, which spares a
 * pass over the rows.
 */
public final class WeightedRows {
  private final Map<Node, Node> products = new HashMap<>();

  private WeightedRows() {}

  /** Those of a schedule: gradients that are computed along with that of ReLU write them. */
  public static WeightedRows of(List<Node> schedule, RoundedUses uses) {
    WeightedRows all = new WeightedRows();
    for (int i = 0; i < schedule.size(); i++) {
      Node gradient = schedule.get(i);
      if (gradient.op() instanceof ScatterMatMul.WeightGradient && uses.joined(gradient) != null) {
        schedule.subList(i, schedule.size()).stream()
            .filter(node -> multipliesSame(node, gradient))
            .findFirst()
            .ifPresent(product -> all.products.put(gradient, product));
      }
    }
    return all;
  }

  /** Whether a product's rows, order and weights are what a gradient reads. */
  private static boolean multipliesSame(Node product, Node gradient) {
    return product.op() instanceof GroupedOuterProduct op
        && op.weighted()
        && product.operand(1) == gradient.operand(1)
        && product.operand(2) == gradient.operand(3)
        && product.operand(4) == gradient.operand(2);
  }

  /** The product whose weighted rows the tasks of a gradient keep for it; null if none. */
  @Nullable Node product(Node gradient) {
    return products.get(gradient);
  }

  /** Whether weighted rows are kept for a product. */
  boolean areKept(Node product) {
    return products.containsValue(product);
  }
}
