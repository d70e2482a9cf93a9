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

class FractionsTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            fractions(1, Fill.all(5)),
            fractions(3, Fill.of(0, 7, 0)),
            fractions(4, Fill.all(500_000_000)),
            fractions(17, Fill.below(1000)),
            fractions(1000, Fill.below(70_000))));
  }

  private static OpCase fractions(int groups, Fill counts) {
    return OpCase.named("E=" + groups)
        .integers("counts", counts, groups)
        .output(in -> Fractions.of(in.get("counts")));
  }

  @Test
  void dividesByTheSum() {
    Graph graph = new Graph();
    Value counts = graph.input("counts", TensorType.i32(3));
    Scenario.Step step = new Scenario.Step().feed(counts, 1, 0, 3);
    assertArrayEquals(new double[] {0.25, 0, 0.75}, Truth.of(Fractions.of(counts), step));
  }
}
