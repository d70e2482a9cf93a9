package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.ShapeException;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class TopKTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            topK(1, 1),
            topK(1, 7),
            topK(7, 7),
            topK(4, 5, 4),
            topK(1, 33, 16),
            topK(4, 40, 16),
            topK(16, 9, 16),
            topK(4, 3, 7, 17),
            topK(8, 31, 128),
            topK(5, 6, 131),
            topK(32, 3, 100),
            topK(33, 3, 100),
            topK(100, 3, 100),
            topK(8, 3, 2053),
            topK(512, 3, 2053),
            topK(2053, 2, 2053),
            topK(4, 4000, 16),
            manyTies(1, 20, 16),
            manyTies(4, 20, 37),
            manyTies(40, 20, 64),
            oddities(1, 30, 16),
            oddities(5, 30, 16),
            oddities(16, 30, 16),
            oddities(4, 30, 61),
            oddities(50, 30, 61),
            activated(Activation.SIGMOID, 4, 30, 16),
            activated(Activation.SIGMOID, 4, 30, 61),
            activated(Activation.SIGMOID, 33, 30, 100),
            activated(Activation.SQRT, 8, 30, 61),
            activated(Activation.SQRT, 33, 30, 100)));
  }

  private static OpCase topK(int k, int... sizes) {
    return topK("", k, Fill.normal(1), sizes);
  }

  private static OpCase manyTies(int k, int... sizes) {
    return topK(" of three values", k, Fill.below(3), sizes);
  }

  /** NaN, infinities, zeros of both signs and subnormal numbers, many times each. */
  private static OpCase oddities(int k, int... sizes) {
    double[] odd = {NAN, INF, -INF, 0, -0.0, Float.MIN_VALUE, -Float.MIN_VALUE, 1, -1};
    Fill fill =
        (count, random) ->
            IntStream.range(0, count).mapToDouble(_ -> odd[random.nextInt(odd.length)]).toArray();
    return topK(" of odd values", k, fill, sizes);
  }

  /** Numbers many of which are equal, or none, after the activation alone. */
  private static OpCase activated(Activation activation, int k, int rows, int columns) {
    double[] numbers = {NAN, INF, 100, 200, -INF, -1000, -1, -2, -3, 0, -0.0};
    Fill fill =
        (count, random) ->
            IntStream.range(0, count)
                .mapToDouble(_ -> numbers[random.nextInt(numbers.length)])
                .toArray();
    return OpCase.named("k=%d of %s of [%d,%d]".formatted(k, activation, rows, columns))
        .given("x", fill, rows, columns)
        .outputs(
            in -> {
              Value inPlace = Scale.of(in.get("x"), 2);
              Value scores = Activate.of(activation, inPlace, null, null);
              scores.graph().output(TopK.of(scores, k));
              return List.of();
            });
  }

  private static OpCase topK(String rest, int k, Fill fill, int... sizes) {
    return OpCase.named("k=" + k + " of " + TensorType.f32(sizes) + rest)
        .given("scores", fill, sizes)
        .outputs(
            in -> {
              Value indices = TopK.of(in.get("scores"), k);
              indices.graph().output(indices);
              return List.of();
            });
  }

  private static double[] of(int k, double... scores) {
    Graph graph = new Graph();
    Value input = graph.input("scores", TensorType.f32(scores.length));
    return Truth.of(TopK.of(input, k), new Scenario.Step().feed(input, scores));
  }

  @Test
  void isByDescendingScore() {
    assertArrayEquals(new double[] {3, 0, 2}, of(3, 5, -1, 4, 7));
  }

  @Test
  void ofEqualScoresTheLowerIndexComesFirst() {
    assertArrayEquals(new double[] {1, 3, 0}, of(3, 0, 2, -0.0, 2, 0));
    assertArrayEquals(new double[] {0, 1}, of(2, -0.0, 0));
  }

  @Test
  void notANumberRanksBelowMinusInfinity() {
    assertArrayEquals(new double[] {3, 1, 0, 2}, of(4, NAN, -INF, NAN, INF));
    assertArrayEquals(new double[] {0, 1}, of(2, NAN, NAN, NAN));
  }

  @Test
  void numberOfElementsIsChecked() {
    assertThrows(IllegalArgumentException.class, () -> new TopK(0));
    Value scores = new Graph().input("scores", TensorType.f32(4, 3));
    assertThrows(ShapeException.class, () -> TopK.of(scores, 4));
  }
}
