package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
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

/** The product with and without weights, and the weighted forms of its gradients. */
class ScatterMatMulTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      for (Transpose transpose : Transpose.values()) {
        cases.add(weighted(routing, 5, 3, transpose));
        cases.add(weighted(routing, 33, 17, transpose));
        cases.add(unweighted(routing, 15, 16, transpose));
      }
    }
    Routing few = Routing.all().getFirst();
    cases.add(weighted(few, 1, 1, Transpose.NO));
    // More columns than the CPU engine has in a slice, in f32 and in bf16.
    cases.add(weighted(few, 300, 64, Transpose.NO));
    cases.add(weighted(few, 530, 64, Transpose.NO));
    cases.add(unweighted(few, 64, 129, Transpose.YES));
    return OpTests.of(cases);
  }

  /** Gradients of a single token's weights are single sums of terms of either sign. */
  private static OpCase weighted(Routing routing, int width, int size, Transpose transpose) {
    OpCase test = weightedSum(routing, width, size, transpose);
    return routing.tokens().elements() == 1 ? test.cancellingTermsOf(1) : test;
  }

  private static OpCase weightedSum(Routing routing, int width, int size, Transpose transpose) {
    return operands("weighted", routing, width, size, transpose)
        .differentiable("weights", Fill.normal(1), routing.perToken(routing.slots()))
        .output(
            in ->
                ScatterMatMul.of(
                    in.get("a"),
                    in.get("m"),
                    in.get("weights"),
                    Route.of(in.get("indices"), routing.groups()),
                    routing.slots(),
                    transpose,
                    Shape.of(routing.perToken(width))));
  }

  private static OpCase unweighted(Routing routing, int width, int size, Transpose transpose) {
    return operands("unweighted", routing, width, size, transpose)
        .output(
            in ->
                ScatterMatMul.of(
                    in.get("a"),
                    in.get("m"),
                    null,
                    Route.of(in.get("indices"), routing.groups()),
                    routing.slots(),
                    transpose,
                    Shape.of(routing.perToken(width))));
  }

  private static OpCase.Builder operands(
      String name, Routing routing, int width, int size, Transpose transpose) {
    return routing
        .named("D=%d G=%d transposed %s %s".formatted(width, size, transpose, name))
        .differentiable("a", Fill.normal(1), routing.sorted(), size)
        .differentiable(
            "m",
            Fill.normal(1),
            routing.groups(),
            transpose == Transpose.NO ? size : width,
            transpose == Transpose.NO ? width : size);
  }

  @Test
  void addsTheWeightedProductsOfATokensSlots() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(4, 1));
    Value m = graph.input("m", TensorType.f32(3, 1, 2));
    Value weights = graph.input("weights", TensorType.f32(2, 2));
    Value indices = graph.input("indices", TensorType.i32(2, 2));
    Value y =
        ScatterMatMul.of(a, m, weights, Route.of(indices, 3), 2, Transpose.NO, Shape.of(2, 2));
    Scenario.Step step =
        new Scenario.Step()
            .feed(a, 1, 2, 3, 4)
            .feed(m, 1, 10, 100, 1000, -1, -10)
            .feed(weights, 0.5, 2, 3, 5)
            .feed(indices, 2, 0, 0, 1);
    // Token 0: 0.5 * 4 in group 2 and 2 * 1 in group 0; token 1: 3 * 2 in group 0 and 5 * 3 in 1.
    assertArrayEquals(new double[] {0, 0, 1506, 15060}, Truth.of(y, step));
  }
}
