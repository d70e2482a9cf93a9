package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (int[] shape : SHAPES) {
        cases.add(plain(activation, shape));
        cases.add(biased(activation, shape));
        cases.add(dropped(activation, shape));
        cases.add(biasedAndDropped(activation, shape));
      }
    }
    return OpTests.of(cases);
  }

  private static OpCase.Builder named(Activation activation, int[] shape, String rest) {
    return OpCase.named(activation + " " + TensorType.f32(shape) + rest)
        .differentiable("x", Fill.normal(1), shape);
  }

  private static OpCase plain(Activation activation, int[] shape) {
    return named(activation, shape, "")
        .output(in -> Activate.of(activation, in.get("x"), null, null));
  }

  private static OpCase biased(Activation activation, int[] shape) {
    return named(activation, shape, " bias")
        .differentiable("bias", Fill.normal(1), shape[shape.length - 1])
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
        .differentiable("bias", Fill.normal(1), shape[shape.length - 1])
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
}
