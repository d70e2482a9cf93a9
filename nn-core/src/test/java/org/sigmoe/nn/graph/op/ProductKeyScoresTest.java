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

class ProductKeyScoresTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            scores(1, 1, 1, 1, 1, 1),
            scores(15, 1, 1, 12, 12, 6),
            scores(7, 1, 4, 9, 13, 5),
            scores(7, 4, 4, 9, 13, 5),
            scores(33, 3, 3, 17, 17, 16),
            scores(65, 1, 2, 46, 46, 21),
            scores(64, 2, 2, 64, 31, 33),
            OpCase.named("scores of the second half alone")
                .differentiable("query", Fill.normal(1), 3, 5, 8)
                .differentiable("keysA", Fill.normal(1), 2, 3, 4)
                .differentiable("keysB", Fill.normal(1), 2, 5, 4)
                .output(in -> of(in.get("query"), in.get("keysA"), in.get("keysB")).b())));
  }

  private static ProductKeyScores.Halves of(Value query, Value keysA, Value keysB) {
    return ProductKeyScores.of(query, keysA, keysB);
  }

  private static OpCase scores(int rows, int queries, int heads, int keysA, int keysB, int half) {
    return OpCase.named(
            "N=%d Q=%d H=%d A=%d B=%d P=%d".formatted(rows, queries, heads, keysA, keysB, half))
        .differentiable("query", Fill.normal(1), rows, queries * 2 * half)
        .differentiable("keysA", Fill.normal(1), heads, keysA, half)
        .differentiable("keysB", Fill.normal(1), heads, keysB, half)
        .outputs(
            in -> {
              ProductKeyScores.Halves scores =
                  of(in.get("query"), in.get("keysA"), in.get("keysB"));
              return List.of(scores.a(), scores.b());
            });
  }

  @Test
  void eachHeadHasItsOwnQueryOfTwoHalves() {
    Graph graph = new Graph();
    Value query = graph.input("query", TensorType.f32(1, 8));
    Value keysA = graph.input("keysA", TensorType.f32(2, 1, 2));
    Value keysB = graph.input("keysB", TensorType.f32(2, 2, 2));
    Scenario.Step step =
        new Scenario.Step()
            .feed(query, 1, 2, 3, 4, 5, 6, 7, 8)
            .feed(keysA, 1, 0, 0, 1)
            .feed(keysB, 1, 1, 2, 0, 1, 1, 0, 2);
    ProductKeyScores.Halves scores = of(query, keysA, keysB);
    assertArrayEquals(new double[] {1, 6}, Truth.of(scores.a(), step));
    assertArrayEquals(new double[] {7, 6, 15, 16}, Truth.of(scores.b(), step));
  }

  @Test
  void headsMayShareOneQuery() {
    Graph graph = new Graph();
    Value query = graph.input("query", TensorType.f32(1, 4));
    Value keysA = graph.input("keysA", TensorType.f32(2, 1, 2));
    Value keysB = graph.input("keysB", TensorType.f32(2, 1, 2));
    Scenario.Step step =
        new Scenario.Step().feed(query, 1, 2, 3, 4).feed(keysA, 1, 0, 0, 1).feed(keysB, 1, 0, 0, 1);
    ProductKeyScores.Halves scores = of(query, keysA, keysB);
    assertArrayEquals(new double[] {1, 2}, Truth.of(scores.a(), step));
    assertArrayEquals(new double[] {3, 4}, Truth.of(scores.b(), step));
  }
}
