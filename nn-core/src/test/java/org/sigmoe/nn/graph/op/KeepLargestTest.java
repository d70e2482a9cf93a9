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

class KeepLargestTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            unscaled(1, 1, 1),
            unscaled(15, 64, 8),
            unscaled(7, 33, 1),
            unscaled(5, 17, 17),
            unscaled(5, 17, 40),
            unscaled(3, 2053, 128),
            scaled(15, 64, 8),
            scaled(8, 20, 3),
            scaled(65, 130, 31),
            OpCase.named("many ties")
                .given("x", Fill.below(5), 31, 45)
                .output(in -> KeepLargest.of(in.get("x"), null, 7)),
            OpCase.named("after ReLU, many zeros")
                .differentiable("x", Fill.normal(1), 17, 39)
                .output(
                    in -> {
                      Value units = Activate.of(Activation.RELU, in.get("x"), null, null);
                      return KeepLargest.of(units, null, 18);
                    })));
  }

  private static OpCase unscaled(int rows, int columns, int k) {
    return OpCase.named("rows=%d F=%d k=%d".formatted(rows, columns, k))
        .differentiable("x", Fill.normal(1), rows, columns)
        .output(in -> KeepLargest.of(in.get("x"), null, k));
  }

  private static OpCase scaled(int rows, int columns, int k) {
    return OpCase.named("scaled, rows=%d F=%d k=%d".formatted(rows, columns, k))
        .differentiable("x", Fill.normal(1), rows, columns)
        .given("scale", Fill.uniform(0.5, 2), columns)
        .output(in -> KeepLargest.of(in.get("x"), in.get("scale"), k));
  }

  @Test
  void keepsTheLargestAndWhatTiesWithThem() {
    assertArrayEquals(new double[] {0, 3, 2, 0, 2, 4}, kept(3, 1, 3, 2, 0, 2, 4));
  }

  @Test
  void nothingChangesWhereFewerThanKArePositive() {
    assertArrayEquals(new double[] {0, 3, 0, 0, 0.5, 0}, kept(3, 0, 3, 0, 0, 0.5, 0));
  }

  @Test
  void notANumberShows() {
    assertArrayEquals(new double[] {Double.NaN, 0, 2}, kept(1, Double.NaN, 1, 2));
  }

  private static double[] kept(int k, double... entries) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1, entries.length));
    return Truth.of(KeepLargest.of(x, null, k), new Scenario.Step().feed(x, entries));
  }

  @Test
  void scaleRanksButDoesNotScale() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1, 3));
    Value scale = graph.input("scale", TensorType.f32(3));
    Scenario.Step step = new Scenario.Step().feed(x, 3, 2, 1).feed(scale, 0.1, 1, 3);
    assertArrayEquals(new double[] {0, 2, 1}, Truth.of(KeepLargest.of(x, scale, 2), step));
  }
}
