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

class AddDropoutTest {
  private static final int[][] SHAPES = {
    {1}, {2, 3}, {7, 1}, {2, 3, 15}, {17, 31}, {3, 7, 41}, {65, 64}, {300, 200},
  };

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] shape : SHAPES) {
      cases.add(plain(shape));
      cases.add(biased(shape));
      cases.add(dropped(shape));
      cases.add(biasedAndDropped(shape));
    }
    cases.add(
        OpCase.named("x is its own residual")
            .differentiable("x", Fill.normal(1), 31, 33)
            .integers("key", Fill.below(1000), 2)
            .output(
                in -> {
                  DropoutSite site = new DropoutSite(in.get("key"), 1, 0.3f);
                  return AddDropout.of(in.get("x"), in.get("x"), null, site);
                }));
    return OpTests.of(cases);
  }

  private static OpCase.Builder named(int[] shape, String rest) {
    return OpCase.named(TensorType.f32(shape) + rest)
        .differentiable("residual", Fill.normal(1), shape)
        .differentiable("x", Fill.normal(1), shape);
  }

  private static OpCase plain(int[] shape) {
    return named(shape, "")
        .output(in -> AddDropout.of(in.get("residual"), in.get("x"), null, null));
  }

  private static OpCase biased(int[] shape) {
    return named(shape, " bias")
        .differentiable("bias", Fill.normal(1), shape[shape.length - 1])
        .output(in -> AddDropout.of(in.get("residual"), in.get("x"), in.get("bias"), null));
  }

  private static OpCase dropped(int[] shape) {
    return named(shape, " dropout")
        .integers("key", Fill.below(1000), 2)
        .output(
            in -> {
              DropoutSite site = new DropoutSite(in.get("key"), 2, 0.4f);
              return AddDropout.of(in.get("residual"), in.get("x"), null, site);
            });
  }

  private static OpCase biasedAndDropped(int[] shape) {
    return named(shape, " bias dropout")
        .differentiable("bias", Fill.normal(1), shape[shape.length - 1])
        .integers("key", Fill.below(1000), 2)
        .output(
            in -> {
              DropoutSite site = new DropoutSite(in.get("key"), 3, 0.1f);
              return AddDropout.of(in.get("residual"), in.get("x"), in.get("bias"), site);
            });
  }

  @Test
  void addsElementAndBiasToTheResidual() {
    Graph graph = new Graph();
    Value residual = graph.input("residual", TensorType.f32(2, 2));
    Value x = graph.input("x", TensorType.f32(2, 2));
    Value bias = graph.input("bias", TensorType.f32(2));
    Scenario.Step step =
        new Scenario.Step()
            .feed(residual, 1, 2, 3, 4)
            .feed(x, 10, 20, 30, 40)
            .feed(bias, 100, -100);
    assertArrayEquals(
        new double[] {111, -78, 133, -56}, Truth.of(AddDropout.of(residual, x, bias, null), step));
  }

  @Test
  void biasIsDroppedAndTheResidualIsNot() {
    Graph graph = new Graph();
    Value residual = graph.input("residual", TensorType.f32(8, 8));
    Value x = graph.input("x", TensorType.f32(8, 8));
    Value bias = graph.input("bias", TensorType.f32(8));
    Value key = graph.input("key", TensorType.i32(2));
    DropoutSite site = new DropoutSite(key, 4, 0.5f);
    SplittableRandom random = new SplittableRandom(3);
    Scenario.Step step =
        new Scenario.Step()
            .feed(residual, Fill.normal(1).elements(64, random))
            .feed(x, Fill.normal(1).elements(64, random))
            .feed(bias, Fill.normal(1).elements(8, random))
            .feed(key, 5, 6);
    Value branch = Dropout.of(Activate.of(Activation.IDENTITY, x, bias, null), site);
    assertArrayEquals(
        Truth.of(Add.of(residual, branch), step),
        Truth.of(AddDropout.of(residual, x, bias, site), step));
  }
}
