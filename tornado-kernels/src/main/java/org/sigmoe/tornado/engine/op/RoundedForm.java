package org.sigmoe.tornado.engine.op;

import java.util.Map;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.AlignedProduct;

/**
 * A copy of a value, rounded to bf16.
 *
 * @param transposed into how many matrices below each other the value falls, each of which is
 *     transposed; 0 for its rows as they are
 */
record RoundedForm(Value value, int transposed) {
  static RoundedForm rows(Value value) {
    return new RoundedForm(value, 0);
  }

  /** The operands that a product reads, by their number; none if the node is no product. */
  static Map<Integer, RoundedForm> ofProduct(Node node) {
    return switch (node.op()) {
      case MatMul op when MatMulChoice.chosen() == MatMulChoice.JAVA ->
          Map.of(
              0,
              matrix(node.operand(0), op.transposeA()),
              1,
              matrix(node.operand(1), op.transposeB()));
      case MatMul op -> Map.of(0, rows(node.operand(0)), 1, secondOfCublas(op, node));
      case GroupedOuterProduct _ -> Map.of(0, rows(node.operand(0)), 1, rows(node.operand(1)));
      case GatherMatMul op -> rowsAndGroups(node, op.transpose());
      case ScatterMatMul op -> rowsAndGroups(node, op.transpose());
      default -> Map.of();
    };
  }

  private static RoundedForm secondOfCublas(MatMul op, Node node) {
    Transpose read = AlignedProduct.of(op, op.sizes(node)).transposeB();
    return read == op.transposeB() ? rows(node.operand(1)) : new RoundedForm(node.operand(1), 1);
  }

  private static RoundedForm matrix(Value value, Transpose transpose) {
    return new RoundedForm(value, transpose == Transpose.YES ? 1 : 0);
  }

  /** Operand 1 are the matrices of groups [groups, rows, columns]. */
  private static Map<Integer, RoundedForm> rowsAndGroups(Node node, Transpose transpose) {
    Value m = node.operand(1);
    int transposed = transpose == Transpose.YES ? m.shape().size(0) : 0;
    return Map.of(0, rows(node.operand(0)), 1, new RoundedForm(m, transposed));
  }
}
