package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class MultiplyTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            product(1),
            product(17),
            product(3, 1),
            product(7, 5, 33),
            product(65, 64),
            product(400, 101),
            OpCase.named("a square")
                .differentiable("x", Fill.normal(1), 31, 33)
                .output(in -> Multiply.of(in.get("x"), in.get("x")))));
  }

  private static OpCase product(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("a", Fill.normal(1), sizes)
        .differentiable("b", Fill.normal(1), sizes)
        .output(in -> Multiply.of(in.get("a"), in.get("b")));
  }

  @Test
  void multipliesElementByElement() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(3));
    Value b = graph.input("b", TensorType.f32(3));
    Scenario.Step step = new Scenario.Step().feed(a, 1, -2, 3).feed(b, 4, 5, 0);
    assertArrayEquals(new double[] {4, -10, 0}, Truth.of(Multiply.of(a, b), step));
  }
}
