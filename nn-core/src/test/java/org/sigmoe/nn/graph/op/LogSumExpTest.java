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

class LogSumExpTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            logSumExp(Fill.normal(2), 1),
            logSumExp(Fill.normal(2), 5),
            logSumExp(Fill.normal(2), 3, 1),
            logSumExp(Fill.normal(2), 9, 16),
            logSumExp(Fill.normal(2), 33, 17),
            logSumExp(Fill.normal(2), 2, 31, 64),
            logSumExp(Fill.normal(2), 7, 3, 130),
            logSumExp(Fill.normal(2), 3000, 16),
            logSumExp(Fill.normal(300), 7, 41)));
  }

  private static OpCase logSumExp(Fill fill, int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .differentiable("x", fill, sizes)
        .output(in -> LogSumExp.of(in.get("x")));
  }

  @Test
  void largeElementsDoNotOverflow() {
    Value x = new Graph().input("x", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, Math.log(2), Math.log(3), 1e30, -1e30);
    assertArrayEquals(new double[] {Math.log(5), 1e30}, Truth.of(LogSumExp.of(x), step), 1e-15);
  }
}
