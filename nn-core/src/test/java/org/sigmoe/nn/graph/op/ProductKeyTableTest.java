package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

class ProductKeyTableTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            table(1, 1, 1, 1),
            table(5, 1, 3, 7),
            table(7, 4, 17, 16),
            table(3, 2, 8, 33),
            table(65, 3, 46, 46),
            table(2, 4, 89, 89)));
  }

  private static OpCase table(int rows, int heads, int keysA, int keysB) {
    return OpCase.named("N=%d H=%d A=%d B=%d".formatted(rows, heads, keysA, keysB))
        .differentiable("a", Fill.normal(1), rows, heads, keysA)
        .differentiable("b", Fill.normal(1), rows, heads, keysB)
        .output(in -> ProductKeyTable.of(in.get("a"), in.get("b")));
  }

  @Test
  void entryIsTheSumOfBothHalvesOfAllHeads() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(1, 2, 2));
    Value b = graph.input("b", TensorType.f32(1, 2, 3));
    Scenario.Step step =
        new Scenario.Step().feed(a, 1, 2, 10, 20).feed(b, 100, 200, 300, 1000, 2000, 3000);
    Value table = ProductKeyTable.of(a, b);
    assertArrayEquals(new double[] {1111, 2211, 3311, 1122, 2222, 3322}, Truth.of(table, step));
  }

  @Test
  void leadingDimensionsStay() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(5, 7, 2, 3));
    Value b = graph.input("b", TensorType.f32(5, 7, 2, 4));
    assertEquals(Shape.of(5, 7, 12), ProductKeyTable.of(a, b).shape());
  }
}
