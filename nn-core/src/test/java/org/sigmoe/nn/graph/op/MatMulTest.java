package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

class MatMulTest {
  /** m, n, k. */
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 17, 3}, {7, 1, 15}, {2, 33, 1}, {31, 41, 33}, {64, 65, 100}, {129, 70, 257},
  };

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Transpose a : Transpose.values()) {
      for (Transpose b : Transpose.values()) {
        for (int[] size : SIZES) {
          cases.add(product(size[0], size[1], size[2], a, b));
        }
      }
    }
    cases.add(linear(5, 3, 7, 4));
    cases.add(linear(2, 64, 128, 33));
    cases.add(
        OpCase.named("a leading dimensions, b as it lies")
            .differentiable("a", Fill.normal(1), 3, 5, 15)
            .differentiable("b", Fill.normal(1), 15, 17)
            .output(in -> MatMul.of(in.get("a"), Transpose.NO, in.get("b"), Transpose.NO)));
    cases.add(
        OpCase.named("a matrix with itself")
            .differentiable("a", Fill.normal(1), 31, 31)
            .output(in -> MatMul.of(in.get("a"), Transpose.NO, in.get("a"), Transpose.YES)));
    cases.add(
        OpCase.named("one matrix in two products")
            .differentiable("x", Fill.normal(1), 33, 17)
            .differentiable("w", Fill.normal(0.3), 17, 17)
            .output(in -> MatMul.linear(MatMul.linear(in.get("x"), in.get("w")), in.get("w"))));
    return OpTests.of(cases);
  }

  private static OpCase product(int m, int n, int k, Transpose a, Transpose b) {
    int[] sizesA = a == Transpose.NO ? new int[] {m, k} : new int[] {k, m};
    int[] sizesB = b == Transpose.NO ? new int[] {k, n} : new int[] {n, k};
    return OpCase.named("m=%d n=%d k=%d, a transposed %s, b %s".formatted(m, n, k, a, b))
        .differentiable("a", Fill.normal(1), sizesA)
        .differentiable("b", Fill.normal(1), sizesB)
        .output(in -> MatMul.of(in.get("a"), a, in.get("b"), b));
  }

  private static OpCase linear(int batch, int context, int inner, int columns) {
    return OpCase.named("linear [%d,%d,%d] to %d".formatted(batch, context, inner, columns))
        .differentiable("x", Fill.normal(1), batch, context, inner)
        .differentiable("w", Fill.normal(1), columns, inner)
        .output(in -> MatMul.linear(in.get("x"), in.get("w")));
  }

  @Test
  void fourTransposesOfOneProductAgree() {
    // [1 2 3; 4 5 6] [5 6; 7 8; 9 10], each factor also given transposed.
    double[] expected = {46, 52, 109, 124};
    double[] a = {1, 2, 3, 4, 5, 6};
    double[] turnedA = {1, 4, 2, 5, 3, 6};
    double[] b = {5, 6, 7, 8, 9, 10};
    double[] turnedB = {5, 7, 9, 6, 8, 10};
    for (Transpose left : Transpose.values()) {
      for (Transpose right : Transpose.values()) {
        Graph graph = new Graph();
        boolean asItLies = left == Transpose.NO;
        Value first = graph.input("a", asItLies ? TensorType.f32(2, 3) : TensorType.f32(3, 2));
        boolean alsoRight = right == Transpose.NO;
        Value second = graph.input("b", alsoRight ? TensorType.f32(3, 2) : TensorType.f32(2, 3));
        Scenario.Step step =
            new Scenario.Step()
                .feed(first, asItLies ? a : turnedA)
                .feed(second, alsoRight ? b : turnedB);
        double[] actual = Truth.of(MatMul.of(first, left, second, right), step);
        assertArrayEquals(expected, actual, left + " " + right);
      }
    }
  }

  @Test
  void resultKeepsLeadingDimensionsOfAnUntransposedA() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 3, 5));
    Value w = graph.input("w", TensorType.f32(7, 5));
    assertEquals(Shape.of(2, 3, 7), MatMul.linear(x, w).shape());
  }
}
