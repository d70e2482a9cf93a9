package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
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

class NegativeEntropyTest {
  private static final double IMPOSSIBLE = Double.NEGATIVE_INFINITY;

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            entropy("E=1", Fill.uniform(-2, 0), 1),
            entropy("E=5", Fill.uniform(-5, 0), 5),
            entropy("E=16", Fill.uniform(-120, 0), 16),
            entropy("E=131", Fill.uniform(-9, -4), 131),
            entropy("without two experts", Fill.of(-1, IMPOSSIBLE, -0.5, IMPOSSIBLE, 0), 5)));
  }

  private static OpCase entropy(String name, Fill fill, int experts) {
    return OpCase.named(name)
        .differentiable("logp", fill, experts)
        .output(in -> NegativeEntropy.of(in.get("logp")));
  }

  private static double of(double... p) {
    Value logp = new Graph().input("logp", TensorType.f32(p.length));
    Scenario.Step step = new Scenario.Step();
    step.feed(logp, Arrays.stream(p).map(Math::log).toArray());
    return Truth.of(NegativeEntropy.of(logp), step)[0];
  }

  @Test
  void isLeastForEqualProbabilities() {
    assertEquals(-Math.log(4), of(0.25, 0.25, 0.25, 0.25), 1e-15);
  }

  @Test
  void isZeroForCertainty() {
    assertEquals(0, of(0, 1, 0), 0);
  }
}
