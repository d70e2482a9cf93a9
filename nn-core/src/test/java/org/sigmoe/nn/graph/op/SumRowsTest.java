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

class SumRowsTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            sum(1),
            sum(17),
            sum(1, 1),
            sum(100, 1),
            sum(3, 2),
            sum(2, 3, 7),
            sum(41, 15),
            sum(7, 5, 33),
            sum(65, 64),
            sum(1000, 100),
            sum(3, 20_001),
            sum(40_001, 3)));
  }

  private static OpCase sum(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("x", Fill.normal(1), sizes)
        .output(in -> SumRows.of(in.get("x")));
  }

  @Test
  void sumsAllDimensionsButTheLast() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2, 3));
    Scenario.Step step = new Scenario.Step().feed(x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertArrayEquals(new double[] {22, 26, 30}, Truth.of(SumRows.of(x), step));
  }
}
