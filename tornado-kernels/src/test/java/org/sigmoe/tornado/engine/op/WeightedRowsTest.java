package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.ScatterMatMul;

/** Which gradients of slots' weights write rows that are multiplied by them. */
final class WeightedRowsTest {

  private static WeightedRows of(ExpertBlock block) {
    List<Node> schedule = block.schedule();
    return WeightedRows.of(schedule, RoundedUses.of(schedule, block.graph.outputs()));
  }

  private static List<Node> products(ExpertBlock block) {
    return block.schedule().stream()
        .filter(node -> node.op() instanceof GroupedOuterProduct)
        .toList();
  }

  @Test
  void thoseBeforeTheProductOfTheSameRows() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node gradient = block.first(ScatterMatMul.WeightGradient.class);
    Node product = of(block).product(gradient);
    assertEquals(block.hidden, product.operand(1));
    assertTrue(of(block).areKept(product));
    assertEquals(1, products(block).stream().filter(of(block)::areKept).count());
  }

  @Test
  void noneWhereRowsAreReadInF32() {
    ExpertBlock block = new ExpertBlock(Activation.SIGMOID);
    assertNull(of(block).product(block.first(ScatterMatMul.WeightGradient.class)));
    assertTrue(products(block).stream().noneMatch(of(block)::areKept));
  }

  @Test
  void noneForAProductThatComesFirst() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node gradient = block.first(ScatterMatMul.WeightGradient.class);
    List<Node> schedule = block.schedule();
    List<Node> before = schedule.subList(0, schedule.indexOf(gradient) + 1);
    WeightedRows rows = WeightedRows.of(before, RoundedUses.of(schedule, block.graph.outputs()));
    assertNull(rows.product(gradient));
  }
}
