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

class ScaleTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            scaled(2, 1),
            scaled(-0.3f, 17),
            scaled(0.01f, 7, 5, 33),
            scaled(1e-4f, 400, 101),
            scaled(-1, 65, 64)));
  }

  private static OpCase scaled(float factor, int... sizes) {
    return OpCase.named(factor + " * " + TensorType.f32(sizes))
        .differentiable("x", Fill.normal(1), sizes)
        .output(in -> Scale.of(in.get("x"), factor));
  }

  @Test
  void multipliesByTheFactor() {
    Value x = new Graph().input("x", TensorType.f32(2));
    Scenario.Step step = new Scenario.Step().feed(x, 3, -4);
    assertArrayEquals(new double[] {-1.5, 2}, Truth.of(Scale.of(x, -0.5f), step));
  }
}
