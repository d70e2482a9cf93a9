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

class AddTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            sum(1),
            sum(2),
            sum(3, 5),
            sum(2, 3, 17),
            sum(31, 33),
            sum(64, 65),
            sum(513, 129),
            OpCase.named("a value added to itself")
                .differentiable("a", Fill.normal(1), 7, 41)
                .output(in -> Add.of(in.get("a"), in.get("a"))),
            OpCase.named("a sum of both operands of another sum")
                .differentiable("a", Fill.normal(1), 100)
                .differentiable("b", Fill.normal(1), 100)
                .output(in -> Add.of(Add.of(in.get("a"), in.get("b")), in.get("a")))));
  }

  private static OpCase sum(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("a", Fill.normal(1), sizes)
        .differentiable("b", Fill.normal(1), sizes)
        .output(in -> Add.of(in.get("a"), in.get("b")));
  }

  @Test
  void addsElementByElement() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(2, 2));
    Value b = graph.input("b", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(a, 1, 2, 3, 4).feed(b, 10, 20, 30, -4);
    assertArrayEquals(new double[] {11, 22, 33, 0}, Truth.of(Add.of(a, b), step));
  }
}
