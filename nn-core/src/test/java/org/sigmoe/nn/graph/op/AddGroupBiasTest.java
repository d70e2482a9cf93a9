package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
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

/** The biases of groups, and {@link GroupSumRows} as their gradient. */
class AddGroupBiasTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      cases.add(biased(routing, 1));
      cases.add(biased(routing, 33));
      cases.add(biased(routing, 64));
    }
    return OpTests.of(cases);
  }

  private static OpCase biased(Routing routing, int size) {
    return routing
        .named("G=" + size)
        .differentiable("x", Fill.normal(1), routing.sorted(), size)
        .differentiable("bias", Fill.normal(1), routing.groups(), size)
        .output(
            in ->
                AddGroupBias.of(
                    in.get("x"), in.get("bias"), Route.of(in.get("indices"), routing.groups())));
  }

  @Test
  void addsTheBiasOfEachRowsGroup() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(3, 2));
    Value bias = graph.input("bias", TensorType.f32(3, 2));
    Value indices = graph.input("indices", TensorType.i32(3));
    Value y = AddGroupBias.of(x, bias, Route.of(indices, 3));
    Scenario.Step step =
        new Scenario.Step()
            .feed(x, 1, 2, 3, 4, 5, 6)
            .feed(bias, 10, 20, 30, 40, 50, 60)
            .feed(indices, 2, 0, 2);
    assertArrayEquals(new double[] {11, 22, 53, 64, 55, 66}, Truth.of(y, step));
  }

  @Test
  void sumsTheRowsOfEachGroup() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(3, 2));
    Value indices = graph.input("indices", TensorType.i32(3));
    Value sums = GroupSumRows.of(x, Route.of(indices, 3).offsets());
    Scenario.Step step = new Scenario.Step().feed(x, 1, 2, 3, 4, 5, 6).feed(indices, 2, 0, 2);
    assertArrayEquals(new double[] {1, 2, 0, 0, 8, 10}, Truth.of(sums, step));
  }
}
