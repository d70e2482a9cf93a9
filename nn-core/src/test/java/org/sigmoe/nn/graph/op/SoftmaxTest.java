package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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

class SoftmaxTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {
      {2},
      {17},
      {3, 2},
      {5, 4},
      {9, 16},
      {33, 17},
      {2, 31, 64},
      {7, 3, 130},
      {5, 1, 2116},
      {3000, 16}
    };
    for (int[] shape : shapes) {
      cases.add(softmax(1, Fill.normal(2), shape));
    }
    int[][] joint = {{4, 8}, {3, 4, 32}, {7, 3, 5}, {2, 3, 4, 33}, {2000, 4, 4}};
    for (int[] shape : joint) {
      cases.add(softmax(2, Fill.normal(2), shape));
    }
    cases.add(softmax(2, Fill.uniform(-1, 1), 1, 2));
    // Where one element takes nearly all, the gradient is a difference of nearly equal terms.
    cases.add(softmax(1, Fill.normal(300), 7, 41).cancellingTermsOf(1));
    cases.add(softmax(2, Fill.normal(300), 7, 4, 9).cancellingTermsOf(1));
    cases.add(softmax(1, Fill.normal(1e30), 7, 41).cancellingTermsOf(1));
    cases.add(softmax(1, Fill.normal(1), 5, 1).cancellingTermsOf(1));
    return OpTests.of(cases);
  }

  private static OpCase softmax(int trailing, Fill fill, int... sizes) {
    double first = fill.elements(1, new SplittableRandom(1))[0];
    return OpCase.named("%s over %d, like %.2g".formatted(TensorType.f32(sizes), trailing, first))
        .differentiable("x", fill, sizes)
        .output(in -> Softmax.of(in.get("x"), trailing));
  }

  @Test
  void twoElementsAreALogisticFunction() {
    Value x = new Graph().input("x", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, 3, 1, 1000, 1000);
    double p = 1 / (1 + Math.exp(-2));
    assertArrayEquals(new double[] {p, 1 - p, 0.5, 0.5}, Truth.of(Softmax.of(x, 1), step), 1e-15);
  }

  @Test
  void overTwoDimensionsAllOfThemSumToOne() {
    Value x = new Graph().input("x", TensorType.f32(1, 2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, 0, Math.log(2), Math.log(3), Math.log(4));
    assertArrayEquals(new double[] {0.1, 0.2, 0.3, 0.4}, Truth.of(Softmax.of(x, 2), step), 1e-15);
  }

  @Test
  void isOverOneOrTwoDimensions() {
    assertThrows(IllegalArgumentException.class, () -> new Softmax(0));
    assertThrows(IllegalArgumentException.class, () -> new Softmax(3));
    assertThrows(IllegalArgumentException.class, () -> new Softmax.Gradient(3));
  }
}
