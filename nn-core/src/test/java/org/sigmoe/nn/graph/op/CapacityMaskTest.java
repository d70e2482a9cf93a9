package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class CapacityMaskTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      cases.add(mask(routing, 0));
      cases.add(mask(routing, 3));
      cases.add(mask(routing, Integer.MAX_VALUE));
    }
    return OpTests.of(cases);
  }

  private static OpCase mask(Routing routing, int capacity) {
    return routing
        .named("capacity " + capacity)
        .given("weights", Fill.normal(1), routing.perToken(routing.slots()))
        .output(
            in ->
                CapacityMask.of(
                    in.get("weights"), Route.of(in.get("indices"), routing.groups()), capacity));
  }

  @Test
  void keepsTheFirstRowsOfEachGroup() {
    Graph graph = new Graph();
    Value weights = graph.input("weights", TensorType.f32(3, 2));
    Value indices = graph.input("indices", TensorType.i32(3, 2));
    Value mask = CapacityMask.of(weights, Route.of(indices, 4), 2);
    Scenario.Step step =
        new Scenario.Step().feed(weights, new double[6]).feed(indices, 3, 0, 3, 1, 0, 3);
    assertArrayEquals(new double[] {1, 1, 1, 1, 1, 0}, Truth.of(mask, step));
  }

  @Test
  void capacityIsNotNegative() {
    assertThrows(IllegalArgumentException.class, () -> new CapacityMask(-1, Shape.of(2)));
  }
}
