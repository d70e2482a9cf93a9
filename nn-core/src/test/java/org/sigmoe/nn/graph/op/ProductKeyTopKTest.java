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

/** The reference looks at all pairs, so that every engine's two stages are held to be exact. */
class ProductKeyTopKTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            choice(1, 1, 1, 1),
            choice(15, 12, 12, 4),
            choice(7, 8, 11, 5),
            choice(5, 3, 17, 8),
            choice(5, 17, 3, 8),
            choice(3, 5, 4, 20),
            choice(17, 16, 31, 1),
            choice(5, 46, 46, 32),
            choice(2, 70, 65, 64),
            ties(9, 7, 6, 10),
            ties(9, 40, 33, 32),
            notANumber()));
  }

  private static OpCase choice(int rows, int keysA, int keysB, int k) {
    return OpCase.named("rows=%d A=%d B=%d k=%d".formatted(rows, keysA, keysB, k))
        .differentiable("a", Fill.normal(1), rows, 1, keysA)
        .differentiable("b", Fill.normal(1), rows, 1, keysB)
        .output(in -> scores(in.get("a"), in.get("b"), k));
  }

  private static Value scores(Value a, Value b, int k) {
    ProductKeyTopK.Chosen chosen = ProductKeyTopK.of(a, b, k);
    a.graph().output(chosen.indices());
    return chosen.scores();
  }

  /** Whole numbers, most of them several times: of equals the lowest index must be chosen. */
  private static OpCase ties(int rows, int keysA, int keysB, int k) {
    return OpCase.named("ties, rows=%d A=%d B=%d k=%d".formatted(rows, keysA, keysB, k))
        .given("a", Fill.below(4), rows, keysA)
        .given("b", Fill.below(4), rows, keysB)
        .output(in -> scores(in.get("a"), in.get("b"), k));
  }

  private static OpCase notANumber() {
    return OpCase.named("NaN ranks lowest")
        .given("a", Fill.of(Double.NaN, 3, 1, -5), 1, 4)
        .given("b", Fill.of(2, Double.NaN, Double.NEGATIVE_INFINITY), 1, 3)
        .output(in -> scores(in.get("a"), in.get("b"), 4));
  }

  @Test
  void bestPairsComeFirst() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(1, 3));
    Value b = graph.input("b", TensorType.f32(1, 2));
    Scenario.Step step = new Scenario.Step().feed(a, 1, 5, 3).feed(b, 0, 1.5);
    ProductKeyTopK.Chosen chosen = ProductKeyTopK.of(a, b, 3);
    assertArrayEquals(new double[] {6.5, 5, 4.5}, Truth.of(chosen.scores(), step));
    assertArrayEquals(new double[] {3, 2, 5}, Truth.of(chosen.indices(), step));
  }

  @Test
  void lowerIndexComesFirstAmongEquals() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(1, 3));
    Value b = graph.input("b", TensorType.f32(1, 2));
    Scenario.Step step = new Scenario.Step().feed(a, 1, 2, 2).feed(b, 2, 1);
    assertArrayEquals(
        new double[] {2, 4, 0, 3}, Truth.of(ProductKeyTopK.of(a, b, 4).indices(), step));
  }
}
