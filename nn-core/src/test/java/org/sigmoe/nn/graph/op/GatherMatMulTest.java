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

/** The product, and with its gradient the unweighted forms of the two other grouped products. */
class GatherMatMulTest {
  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      for (Transpose transpose : Transpose.values()) {
        cases.add(product(routing, 5, 3, transpose));
        cases.add(product(routing, 33, 17, transpose));
      }
    }
    Routing few = Routing.all().getFirst();
    cases.add(product(few, 1, 1, Transpose.NO));
    cases.add(product(few, 300, 64, Transpose.NO));
    cases.add(product(few, 64, 129, Transpose.YES));
    // As many groups as the CPU engine wants for wide slices, and more columns than one has.
    Routing many =
        Routing.all().stream().filter(routing -> routing.groups() > 30).findFirst().orElseThrow();
    cases.add(product(many, 530, 3, Transpose.NO));
    cases.add(product(many, 530, 3, Transpose.YES));
    return OpTests.of(cases);
  }

  private static OpCase product(Routing routing, int width, int size, Transpose transpose) {
    return routing
        .named("D=%d G=%d transposed %s".formatted(width, size, transpose))
        .differentiable("x", Fill.normal(1), routing.perToken(width))
        .differentiable(
            "m",
            Fill.normal(1),
            routing.groups(),
            transpose == Transpose.NO ? width : size,
            transpose == Transpose.NO ? size : width)
        .output(
            in ->
                GatherMatMul.of(
                    in.get("x"),
                    in.get("m"),
                    Route.of(in.get("indices"), routing.groups()),
                    routing.slots(),
                    transpose));
  }

  @Test
  void multipliesEachTokenWithTheMatricesOfItsGroups() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 2));
    Value m = graph.input("m", TensorType.f32(3, 2, 1));
    Value indices = graph.input("indices", TensorType.i32(2, 2));
    Value y = GatherMatMul.of(x, m, Route.of(indices, 3), 2, Transpose.NO);
    Scenario.Step step =
        new Scenario.Step()
            .feed(x, 1, 2, 3, 4)
            .feed(m, 1, 10, 100, 1000, -1, -10)
            .feed(indices, 2, 0, 0, 1);
    // Sorted: token 0 and 1 in group 0, token 1 in group 1, token 0 in group 2.
    assertArrayEquals(new double[] {21, 43, 4300, -21}, Truth.of(y, step));
  }
}
