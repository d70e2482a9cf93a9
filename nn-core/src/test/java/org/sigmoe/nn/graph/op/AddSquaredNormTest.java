package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class AddSquaredNormTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            norm(1),
            norm(2),
            norm(3, 7),
            norm(15, 17),
            norm(31, 33, 2),
            norm(65, 64),
            norm(200_003),
            chain(),
            longChain()));
  }

  private static OpCase norm(int... sizes) {
    return OpCase.named(TensorType.f32(sizes).toString())
        .given("total", Fill.uniform(0, 1), 1)
        .given("x", Fill.normal(1), sizes)
        .output(in -> AddSquaredNorm.of(in.get("total"), in.get("x")));
  }

  private static OpCase chain() {
    return OpCase.named("a chain over tensors of several sizes, one of them a scalar")
        .given("total", Fill.all(0), 1)
        .given("a", Fill.normal(1), 41, 33)
        .given("b", Fill.normal(10), 1)
        .given("c", Fill.normal(0.1), 7)
        .given("d", Fill.normal(2), 100, 200)
        .output(
            in -> {
              Value total = AddSquaredNorm.of(in.get("total"), in.get("a"));
              total = AddSquaredNorm.of(total, in.get("b"));
              total = AddSquaredNorm.of(total, in.get("c"));
              return AddSquaredNorm.of(total, in.get("d"));
            });
  }

  /** Of more tensors than an engine may sum up at once. */
  private static OpCase longChain() {
    OpCase.Builder tensors =
        OpCase.named("a chain over nineteen tensors").given("total", Fill.uniform(0, 1), 1);
    for (int i = 0; i < 19; i++) {
      tensors = tensors.given("x" + i, Fill.normal(1 + i % 3), 3 + 700 * (i % 5), 1 + i);
    }
    return tensors.output(
        in -> {
          Value total = in.get("total");
          for (int i = 0; i < 19; i++) {
            total = AddSquaredNorm.of(total, in.get("x" + i));
          }
          return total;
        });
  }

  @Test
  void addsTheSumOfSquares() {
    Graph graph = new Graph();
    Value total = graph.input("total", TensorType.f32(1));
    Value x = graph.input("x", TensorType.f32(3));
    Scenario.Step step = new Scenario.Step().feed(total, 100).feed(x, 1, -2, 3);
    assertArrayEquals(new double[] {114}, Truth.of(AddSquaredNorm.of(total, x), step));
  }

  @Test
  void itHasNoGradient() {
    Graph graph = new Graph();
    Value total = graph.input("total", TensorType.f32(1));
    Value x = graph.input("x", TensorType.f32(3));
    Value y = AddSquaredNorm.of(total, x);
    assertThrows(IllegalStateException.class, () -> Gradients.of(Map.of(y, total), List.of(x)));
  }
}
