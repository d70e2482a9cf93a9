package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.DropoutSite;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;

/**
 * Two layers with biases: hidden units and the gradients of them go to products and to the
 * gradients of biases alone, so that all may be rounded where they are made, and rows of the first
 * product may have room.
 */
final class DenseNetworkTest {
  private static final float RATE = 0.25f;

  /**
   * Far from 0, because rounded operands would let a unit near it pass in one engine and not in the
   * other.
   */
  private static final Fill AWAY_FROM_ZERO =
      (count, random) -> {
        double[] elements = new double[count];
        for (int i = 0; i < count; i++) {
          elements[i] = random.nextBoolean() ? 4 : -4;
        }
        return elements;
      };

  @TestFactory
  Stream<DynamicNode> networks() {
    return OpTests.of(
        List.of(
            network(Activation.RELU, 5, 3, 7, false),
            network(Activation.RELU, 33, 12, 16, true),
            network(Activation.RELU, 40, 41, 70, true),
            network(Activation.RELU, 130, 412, 2053, false),
            network(Activation.RELU, 257, 412, 2053, true),
            network(Activation.SIGMOID, 33, 12, 17, false)));
  }

  private static OpCase network(
      Activation activation, int rows, int columns, int units, boolean dropout) {
    Fill small = Fill.normal(0.5 / Math.sqrt(columns));
    OpCase.Builder named =
        OpCase.named(
                "%s rows=%d D=%d F=%d%s"
                    .formatted(activation, rows, columns, units, dropout ? " dropout" : ""))
            .differentiable("x", Fill.normal(1), rows, columns)
            .differentiable("w1", small, units, columns)
            .differentiable("b1", AWAY_FROM_ZERO, units)
            .differentiable("w2", small, columns, units)
            .differentiable("b2", Fill.normal(1), columns);
    if (dropout) {
      named = named.integers("key", Fill.below(1000), 2);
    }
    return named.output(
        in -> {
          DropoutSite site = dropout ? new DropoutSite(in.get("key"), 3, RATE) : null;
          Value product = MatMul.linear(in.get("x"), in.get("w1"));
          Value hidden = Activate.of(activation, product, in.get("b1"), site);
          Value y = MatMul.linear(hidden, in.get("w2"));
          return Add.of(in.get("x"), Activate.of(Activation.IDENTITY, y, in.get("b2"), null));
        });
  }
}
