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

class ConcatTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            joined(1, 1, 1, 1),
            joined(2, 3, 1, 7),
            joined(3, 1, 2, 15),
            joined(7, 17, 31, 33),
            joined(4, 64, 65, 128),
            joined(1, 100, 41, 1)));
  }

  private static OpCase joined(int batch, int first, int second, int columns) {
    return OpCase.named("B=%d %d+%d C=%d".formatted(batch, first, second, columns))
        .differentiable("a", Fill.normal(1), batch, first, columns)
        .differentiable("b", Fill.normal(1), batch, second, columns)
        .output(in -> Concat.of(in.get("a"), in.get("b")));
  }

  @Test
  void joinsEachBatchRowByItself() {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(2, 1, 2));
    Value b = graph.input("b", TensorType.f32(2, 2, 2));
    Scenario.Step step =
        new Scenario.Step().feed(a, 1, 2, 3, 4).feed(b, 10, 20, 30, 40, 50, 60, 70, 80);
    assertArrayEquals(
        new double[] {1, 2, 10, 20, 30, 40, 3, 4, 50, 60, 70, 80}, Truth.of(Concat.of(a, b), step));
  }
}
