package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class LayerNormTest {
  private static final float EPSILON = 1e-5f;

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            norm(3),
            norm(1, 7),
            norm(2, 3, 15),
            norm(17, 31),
            norm(7, 5, 33),
            norm(64, 41),
            norm(100, 65),
            norm(3, 1000),
            norm(5, 1500),
            norm(3, 2100),
            norm(700, 100),
            // A row of one element is its own mean: the gradient for x is rstd * (g - mean(g)),
            // where
            // rstd = 1 / sqrt(epsilon) and a fused multiply-add may round the two g differently.
            norm(5, 1).cancellingTermsOf(1 / Math.sqrt(EPSILON)),
            statistics(33, 17),
            offset(31, 64),
            residual(2, 3, 15),
            residual(65, 33)));
  }

  private static OpCase norm(int... sizes) {
    int columns = sizes[sizes.length - 1];
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("x", Fill.normal(2), sizes)
        .differentiable("gain", Fill.uniform(0.5, 1.5), columns)
        .differentiable("bias", Fill.normal(1), columns)
        .output(in -> LayerNorm.of(in.get("x"), in.get("gain"), in.get("bias"), EPSILON));
  }

  /** Mean and reciprocal deviation are compared too. */
  private static OpCase statistics(int rows, int columns) {
    return OpCase.named("statistics of [%d,%d]".formatted(rows, columns))
        .differentiable("x", Fill.uniform(-1, 3), rows, columns)
        .differentiable("gain", Fill.normal(1), columns)
        .differentiable("bias", Fill.normal(1), columns)
        .output(
            in -> {
              Value x = in.get("x");
              Node node =
                  x.graph().apply(new LayerNorm(EPSILON), x, in.get("gain"), in.get("bias"));
              x.graph().output(node.result(1));
              x.graph().output(node.result(2));
              return node.result(0);
            });
  }

  /** A mean far from 0, where the difference of mean square and squared mean would be noise. */
  private static OpCase offset(int rows, int columns) {
    return OpCase.named("mean 30 times the deviation [%d,%d]".formatted(rows, columns))
        .differentiable("x", Fill.uniform(29, 31), rows, columns)
        .differentiable("gain", Fill.normal(1), columns)
        .differentiable("bias", Fill.normal(1), columns)
        .output(in -> LayerNorm.of(in.get("x"), in.get("gain"), in.get("bias"), EPSILON));
  }

  /** In front of a residual branch, whose gradient is added to that of the stream. */
  private static OpCase residual(int... sizes) {
    int columns = sizes[sizes.length - 1];
    return OpCase.named("residual branch on " + TensorType.f32(sizes))
        .differentiable("x", Fill.normal(2), sizes)
        .differentiable("gain", Fill.uniform(0.5, 1.5), columns)
        .differentiable("bias", Fill.normal(1), columns)
        .differentiable("w", Fill.normal(0.5), columns, columns)
        .output(
            in -> {
              Value x = in.get("x");
              Value normed = LayerNorm.of(x, in.get("gain"), in.get("bias"), EPSILON);
              return Scale.of(Add.of(x, MatMul.linear(normed, in.get("w"))), 0.5f);
            });
  }

  @Test
  void usesTheBiasedVariance() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2));
    Value gain = graph.input("gain", TensorType.f32(2));
    Value bias = graph.input("bias", TensorType.f32(2));
    Scenario.Step step =
        new Scenario.Step().feed(x, 1, 5, 7, 7).feed(gain, 10, 100).feed(bias, 0.5, -0.5);
    // Row 1 5: mean 3, variance 4 and epsilon 12, so a deviation of 4. Row 7 7: all 0.
    double[] y = Truth.of(LayerNorm.of(x, gain, bias, 12f), step);
    assertArrayEquals(new double[] {-4.5, 49.5, 0.5, -0.5}, y, 1e-12);
  }

  @Test
  void rowsAreNormalised() {
    Graph graph = new Graph();
    int columns = 41;
    Value x = graph.input("x", TensorType.f32(columns));
    double[] elements = new double[columns];
    Arrays.setAll(elements, i -> i * i);
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    Value gain = graph.input("gain", TensorType.f32(columns));
    Value bias = graph.input("bias", TensorType.f32(columns));
    Scenario.Step step =
        new Scenario.Step().feed(x, elements).feed(gain, ones).feed(bias, new double[columns]);
    double[] y = Truth.of(LayerNorm.of(x, gain, bias, 0f), step);
    assertEquals(0, Arrays.stream(y).sum(), 1e-12);
    assertEquals(columns, Arrays.stream(y).map(element -> element * element).sum(), 1e-10);
  }
}
