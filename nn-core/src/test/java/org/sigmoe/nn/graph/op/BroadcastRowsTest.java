package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class BroadcastRowsTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            broadcast(1),
            broadcast(17),
            broadcast(3, 1),
            broadcast(2, 3, 7),
            broadcast(7, 5, 33),
            broadcast(65, 64),
            broadcast(2000, 16),
            broadcast(3, 20_001)));
  }

  private static OpCase broadcast(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("x", Fill.normal(1), sizes[sizes.length - 1])
        .output(in -> BroadcastRows.of(in.get("x"), Shape.of(sizes)));
  }

  @Test
  void everyRowIsTheSame() {
    Value x = new Graph().input("x", TensorType.f32(2));
    Scenario.Step step = new Scenario.Step().feed(x, 1, 2);
    assertArrayEquals(
        new double[] {1, 2, 1, 2, 1, 2}, Truth.of(BroadcastRows.of(x, Shape.of(3, 2)), step));
  }
}
