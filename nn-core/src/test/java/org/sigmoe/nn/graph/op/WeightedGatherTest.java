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

class WeightedGatherTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            gather(1, 1, 1, 1, 1),
            gather(5, 3, 7, 1, 3),
            gather(144, 16, 15, 2, 4),
            gather(36, 17, 33, 4, 5),
            gather(1000, 65, 20, 4, 8),
            gather(9, 412, 64, 2, 3),
            gather(300, 130, 129, 1, 7),
            named("one row for all slots", Fill.all(30), 31, 41, 15, 2, 9),
            OpCase.named("one trailing dimension")
                .differentiable("values", Fill.normal(1), 20, 13)
                .integers("indices", Fill.below(20), 3, 5, 6)
                .differentiable("weights", Fill.normal(1), 3, 5, 6)
                .output(
                    in ->
                        WeightedGather.of(
                            in.get("values"), in.get("indices"), in.get("weights"), 1))));
  }

  private static OpCase gather(int values, int columns, int rows, int heads, int k) {
    String name = "V=%d D=%d N=%d H=%d k=%d".formatted(values, columns, rows, heads, k);
    return named(name, Fill.below(values), values, columns, rows, heads, k);
  }

  private static OpCase named(
      String name, Fill indices, int values, int columns, int rows, int heads, int k) {
    return OpCase.named(name)
        .differentiable("values", Fill.normal(1), values, columns)
        .integers("indices", indices, rows, heads, k)
        .differentiable("weights", Fill.normal(1), rows, heads, k)
        .output(in -> WeightedGather.of(in.get("values"), in.get("indices"), in.get("weights"), 2));
  }

  @Test
  void addsTheNamedRowsTimesTheirWeights() {
    Graph graph = new Graph();
    Value values = graph.input("values", TensorType.f32(3, 2));
    Value indices = graph.input("indices", TensorType.i32(2, 2));
    Value weights = graph.input("weights", TensorType.f32(2, 2));
    Scenario.Step step =
        new Scenario.Step()
            .feed(values, 1, 2, 3, 4, 5, 6)
            .feed(indices, 0, 2, 1, 1)
            .feed(weights, 10, 1, 2, 3);
    assertArrayEquals(
        new double[] {15, 26, 15, 20},
        Truth.of(WeightedGather.of(values, indices, weights, 1), step));
  }

  @Test
  void trailingDimensionsGiveWayToColumns() {
    Graph graph = new Graph();
    Value values = graph.input("values", TensorType.f32(3, 7));
    Value indices = graph.input("indices", TensorType.i32(4, 5, 2, 6));
    Value weights = graph.input("weights", TensorType.f32(4, 5, 2, 6));
    assertEquals(Shape.of(4, 5, 7), WeightedGather.of(values, indices, weights, 2).shape());
  }
}
