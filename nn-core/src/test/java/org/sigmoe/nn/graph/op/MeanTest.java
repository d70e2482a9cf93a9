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

class MeanTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(mean(1), mean(2), mean(31), mean(3, 7, 15), mean(64, 65), mean(300, 257)));
  }

  private static OpCase mean(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("x", Fill.uniform(-1, 2), sizes)
        .output(in -> Mean.of(in.get("x")));
  }

  @Test
  void isTheSumDividedByTheNumberOfElements() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, 1, 2, 3, -4);
    assertArrayEquals(new double[] {0.5}, Truth.of(Mean.of(x), step));
  }
}
