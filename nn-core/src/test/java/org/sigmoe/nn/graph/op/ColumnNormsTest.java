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

class ColumnNormsTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(List.of(norms(1, 1), norms(7, 33), norms(64, 16), norms(412, 205)));
  }

  private static OpCase norms(int rows, int columns) {
    return OpCase.named("[%d,%d]".formatted(rows, columns))
        .given("x", Fill.normal(1), rows, columns)
        .output(in -> ColumnNorms.of(in.get("x")));
  }

  @Test
  void normIsTheRootOfTheSumOfSquares() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, 3, -5, -4, 12);
    assertArrayEquals(new double[] {5, 13}, Truth.of(ColumnNorms.of(x), step));
  }
}
