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

class EmbeddingTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            lookup(1, 1, 1, 1),
            lookup(3, 7, 2, 5),
            lookup(41, 33, 3, 17),
            lookup(100, 15, 1, 64),
            lookup(2, 65, 7, 31),
            lookup(256, 128, 8, 100),
            lookup(5000, 7, 2, 3),
            lookup(300, 3, 4, 801),
            OpCase.named("one row for all positions")
                .differentiable("table", Fill.normal(1), 31, 41)
                .integers("tokens", Fill.all(30), 15, 17)
                .output(in -> Embedding.of(in.get("table"), in.get("tokens")))));
  }

  private static OpCase lookup(int vocabulary, int size, int batch, int context) {
    return OpCase.named("V=%d D=%d B=%d T=%d".formatted(vocabulary, size, batch, context))
        .differentiable("table", Fill.normal(1), vocabulary, size)
        .integers("tokens", Fill.below(vocabulary), batch, context)
        .output(in -> Embedding.of(in.get("table"), in.get("tokens")));
  }

  @Test
  void givesTheRowsThatTokensName() {
    Graph graph = new Graph();
    Value table = graph.input("table", TensorType.f32(3, 2));
    Value tokens = graph.input("tokens", TensorType.i32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(table, 1, 2, 3, 4, 5, 6).feed(tokens, 2, 0, 1, 2);
    assertArrayEquals(
        new double[] {5, 6, 1, 2, 3, 4, 5, 6}, Truth.of(Embedding.of(table, tokens), step));
  }
}
