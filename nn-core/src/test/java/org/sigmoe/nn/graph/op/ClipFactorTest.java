package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

class ClipFactorTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            clip("above the limit", 0.25f, 3.7),
            clip("below the limit", 0.25f, 0.01),
            clip("at the limit", 2f, 4),
            clip("norm 0", 1f, 0),
            clip("a very large norm", 1f, 1e20)));
  }

  private static OpCase clip(String name, float maxNorm, double squaredNorm) {
    return OpCase.named(name)
        .given("squaredNorm", Fill.all(squaredNorm), 1)
        .outputs(in -> ClipFactor.of(in.get("squaredNorm"), maxNorm).results());
  }

  @Test
  void normAboveTheLimitIsScaledDownToIt() {
    Graph graph = new Graph();
    Value squared = graph.input("squared", TensorType.f32(1));
    Node node = ClipFactor.of(squared, 2);
    Scenario.Step step = new Scenario.Step().feed(squared, 25);
    assertArrayEquals(new double[] {5}, Truth.of(node.result(0), step));
    assertEquals(2 / 5.000001, Truth.of(node.result(1), step)[0], 1e-15);
  }

  @Test
  void normBelowTheLimitIsLeftAlone() {
    Graph graph = new Graph();
    Value squared = graph.input("squared", TensorType.f32(1));
    Node node = ClipFactor.of(squared, 2);
    Scenario.Step step = new Scenario.Step().feed(squared, 2.25);
    assertArrayEquals(new double[] {1.5}, Truth.of(node.result(0), step));
    assertArrayEquals(new double[] {1}, Truth.of(node.result(1), step));
  }
}
