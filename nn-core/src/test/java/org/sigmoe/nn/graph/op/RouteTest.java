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
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class RouteTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      cases.add(routing.named("sorted").outputs(in -> sorted(in.get("indices"), routing.groups())));
    }
    cases.add(anyIndices(40_001, 128));
    cases.add(anyIndices(5_003, 2_500));
    return OpTests.of(cases);
  }

  private static OpCase anyIndices(int slots, int groups) {
    return OpCase.named("%d slots, %d groups".formatted(slots, groups))
        .integers("indices", Fill.below(groups), slots)
        .outputs(in -> sorted(in.get("indices"), groups));
  }

  /** Integers have no gradients: they are compared, and nothing flows from them. */
  private static List<Value> sorted(Value indices, int groups) {
    Route.Result route = Route.of(indices, groups);
    for (Value result : List.of(route.order(), route.offsets(), route.counts())) {
      indices.graph().output(result);
    }
    return List.of();
  }

  @Test
  void sortsByGroupAndKeepsTheOrderWithinOne() {
    Graph graph = new Graph();
    Value indices = graph.input("indices", TensorType.i32(3, 2));
    Route.Result route = Route.of(indices, 4);
    Scenario.Step step = new Scenario.Step().feed(indices, 3, 0, 1, 3, 0, 3);
    assertArrayEquals(new double[] {1, 4, 2, 0, 3, 5}, Truth.of(route.order(), step));
    assertArrayEquals(new double[] {0, 2, 3, 3, 6}, Truth.of(route.offsets(), step));
    assertArrayEquals(new double[] {2, 1, 0, 3}, Truth.of(route.counts(), step));
  }

  @Test
  void thereIsAtLeastOneGroup() {
    assertThrows(IllegalArgumentException.class, () -> new Route(0));
  }
}
