package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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

class ActivateTest {
  private static final int[][] SHAPES = {
    {1}, {17}, {3, 1}, {2, 3, 15}, {31, 33}, {7, 5, 41}, {64, 65}, {400, 150},
  };
  private static final int[][] SHAPES_OF_SMOOTH = {{1}, {2, 3, 15}, {31, 33}, {300, 150}};

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (int[] shape : shapes(activation)) {
        cases.add(plain(activation, shape));
        cases.add(biased(activation, shape));
        if (activation.allowsDropout()) {
          cases.add(dropped(activation, shape));
          cases.add(biasedAndDropped(activation, shape));
        }
      }
    }
    return OpTests.of(cases);
  }

  private static int[][] shapes(Activation activation) {
    return switch (activation) {
      case IDENTITY, RELU -> SHAPES;
      case GELU, SIGMOID, SOFTPLUS, EXP, SQRT -> SHAPES_OF_SMOOTH;
    };
  }

  private static OpCase.Builder named(Activation activation, int[] shape, String rest) {
    return OpCase.named(activation + " " + TensorType.f32(shape) + rest)
        .differentiable("x", elements(activation), shape);
  }

  /** Elements and biases in the domain of the activation. */
  private static Fill elements(Activation activation) {
    return activation == Activation.SQRT ? Fill.uniform(0.1, 2) : Fill.normal(1);
  }

  private static OpCase plain(Activation activation, int[] shape) {
    return named(activation, shape, "")
        .output(in -> Activate.of(activation, in.get("x"), null, null));
  }

  private static OpCase biased(Activation activation, int[] shape) {
    return named(activation, shape, " bias")
        .differentiable("bias", elements(activation), shape[shape.length - 1])
        .output(in -> Activate.of(activation, in.get("x"), in.get("bias"), null));
  }

  private static OpCase dropped(Activation activation, int[] shape) {
    return named(activation, shape, " dropout")
        .integers("key", Fill.below(1000), 2)
        .output(
            in ->
                Activate.of(
                    activation, in.get("x"), null, new DropoutSite(in.get("key"), 2, 0.4f)));
  }

  private static OpCase biasedAndDropped(Activation activation, int[] shape) {
    return named(activation, shape, " bias dropout")
        .differentiable("bias", elements(activation), shape[shape.length - 1])
        .integers("key", Fill.below(1000), 2)
        .output(
            in -> {
              DropoutSite site = new DropoutSite(in.get("key"), 7, 0.1f);
              return Activate.of(activation, in.get("x"), in.get("bias"), site);
            });
  }

  @Test
  void reluPassesThePositiveSumsOfElementAndBias() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 3));
    Value bias = graph.input("bias", TensorType.f32(3));
    Scenario.Step step = new Scenario.Step().feed(x, 1, -1, 0, -5, 3, 2).feed(bias, 1, 0, -1);
    assertArrayEquals(
        new double[] {2, 0, 0, 0, 3, 1},
        Truth.of(Activate.of(Activation.RELU, x, bias, null), step));
    assertArrayEquals(
        new double[] {2, -1, -1, -4, 3, 1},
        Truth.of(Activate.of(Activation.IDENTITY, x, bias, null), step));
  }

  @Test
  void activationComesBeforeDropoutOfTheSameMaskAsTheOpDropout() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(64));
    Value key = graph.input("key", TensorType.i32(2));
    DropoutSite site = new DropoutSite(key, 4, 0.5f);
    double[] elements = Fill.normal(1).elements(64, new SplittableRandom(3));
    Scenario.Step step = new Scenario.Step().feed(x, elements).feed(key, 5, 6);
    Value apart = Dropout.of(Activate.of(Activation.RELU, x, null, null), site);
    assertArrayEquals(
        Truth.of(apart, step), Truth.of(Activate.of(Activation.RELU, x, null, site), step));
  }

  private static double[] of(Activation activation, double... elements) {
    Value x = new Graph().input("x", TensorType.f32(elements.length));
    return Truth.of(Activate.of(activation, x, null, null), new Scenario.Step().feed(x, elements));
  }

  @Test
  void smoothActivationsAreAsDefined() {
    assertArrayEquals(
        new double[] {0, 0.8413447460685429, -0.15865525393145707, 1.9544997361036416},
        of(Activation.GELU, 0, 1, -1, 2),
        1e-14);
    assertArrayEquals(
        new double[] {0.5, 0.75, 0.25, 1, 0},
        of(Activation.SIGMOID, 0, Math.log(3), -Math.log(3), 1000, -1000));
    assertArrayEquals(
        new double[] {Math.log(2), Math.log(4), 1000, 0},
        of(Activation.SOFTPLUS, 0, Math.log(3), 1000, -1000),
        1e-15);
    assertArrayEquals(new double[] {1, Math.E}, of(Activation.EXP, 0, 1), 1e-15);
    assertArrayEquals(new double[] {0, 3}, of(Activation.SQRT, 0, 9));
  }

  /** Far from 0, where exponentials leave the range of floats. */
  @TestFactory
  Stream<DynamicNode> tails() {
    double[] far = {-1e4, -200, -104, -90, -80, -30, -9, 9, 30, 80, 90, 104, 200, 1e4, 0, -0.0};
    List<OpCase> cases = new ArrayList<>();
    for (Activation activation :
        List.of(Activation.GELU, Activation.SIGMOID, Activation.SOFTPLUS)) {
      cases.add(
          OpCase.named(activation + " far from 0")
              .given("x", Fill.of(far), far.length)
              .output(in -> Activate.of(activation, in.get("x"), null, null)));
    }
    return OpTests.of(cases);
  }

  @TestFactory
  Stream<DynamicNode> gradientOfTheSquareRootAtZeroIsZero() {
    return OpTests.of(
        List.of(
            OpCase.named("y = 0, 2, 0.5")
                .given("dy", Fill.of(1, 1, 1), 3)
                .given("y", Fill.of(0, 2, 0.5), 3)
                .output(
                    in ->
                        in.get("y")
                            .graph()
                            .apply(
                                new Activate.Gradient(Activation.SQRT, 0),
                                in.get("dy"),
                                in.get("y"))
                            .result(0))));
  }

  @Test
  void dropoutOfASigmoidIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Activate(Activation.SIGMOID, false, 0, 0.1f));
    assertThrows(IllegalArgumentException.class, () -> new Activate.Gradient(Activation.EXP, 0.1f));
    assertThrows(IllegalArgumentException.class, () -> new Activate.Gradient(Activation.GELU, 0));
  }
}
