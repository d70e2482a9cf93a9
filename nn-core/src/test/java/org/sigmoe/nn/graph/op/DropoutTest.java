package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Candidate;
import org.sigmoe.nn.testing.Comparison;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class DropoutTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            dropout(0.5f, 2),
            dropout(0.1f, 3, 5),
            dropout(0.25f, 7, 17),
            dropout(0.1f, 2, 15, 31),
            dropout(0.5f, 33, 41),
            dropout(0.9f, 65, 64),
            dropout(0.1f, 500, 101),
            unscaled(0.05f, 3, 5),
            unscaled(0.9f, 65, 16),
            unscaled(0.1f, 2000, 16),
            OpCase.named("two sites one after the other")
                .differentiable("x", Fill.normal(1), 31, 33)
                .integers("key", Fill.below(1000), 2)
                .output(
                    in -> {
                      Value once = Dropout.of(in.get("x"), new DropoutSite(in.get("key"), 0, 0.3f));
                      return Dropout.of(once, new DropoutSite(in.get("key"), 1, 0.3f));
                    })));
  }

  private static OpCase dropout(float rate, int... sizes) {
    return OpCase.named(TensorType.f32(sizes) + " rate " + rate)
        .differentiable("x", Fill.normal(1), sizes)
        .integers("key", Fill.below(1000), 2)
        .output(in -> Dropout.of(in.get("x"), new DropoutSite(in.get("key"), 5, rate)));
  }

  private static OpCase unscaled(float rate, int... sizes) {
    return OpCase.named(TensorType.f32(sizes) + " unscaled, rate " + rate)
        .differentiable("x", Fill.normal(1), sizes)
        .integers("key", Fill.below(1000), 2)
        .output(
            in -> {
              DropoutSite site = new DropoutSite(in.get("key"), 5, rate);
              return Dropout.of(in.get("x"), site, Dropout.Scaling.NONE);
            });
  }

  @Test
  void withoutScalingKeptElementsStayAsTheyAre() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1000));
    Value key = graph.input("key", TensorType.i32(2));
    double[] elements = Fill.uniform(1, 2).elements(1000, new SplittableRandom(2));
    Scenario.Step step = new Scenario.Step().feed(x, elements).feed(key, 3, 4);
    DropoutSite site = new DropoutSite(key, 1, 0.3f);
    double[] mask = Truth.of(Dropout.of(x, site), step);
    double[] y = Truth.of(Dropout.of(x, site, Dropout.Scaling.NONE), step);
    for (int i = 0; i < y.length; i++) {
      assertEquals(mask[i] == 0 ? 0 : elements[i], y[i]);
    }
    assertEquals(300, Arrays.stream(y).filter(value -> value == 0).count(), 75);
  }

  /** The graph y = dropout(x) and dx for an x and a dy without zeros. */
  private static final class Masked {
    private static final int ROWS = 300;
    private static final int COLUMNS = 201;

    final Graph graph = new Graph();
    final Value x = graph.input("x", TensorType.f32(ROWS, COLUMNS));
    final Value key = graph.input("key", TensorType.i32(2));
    final Value dy = graph.input("dy", TensorType.f32(ROWS, COLUMNS));
    final Value y = graph.output(Dropout.of(x, new DropoutSite(key, 9, 0.2f)));
    final Value dx = graph.output(Gradients.of(Map.of(y, dy), List.of(x)).getFirst());
    final Scenario.Step step = new Scenario.Step();

    Masked(int seed, int number) {
      SplittableRandom random = new SplittableRandom(1);
      step.feed(x, Fill.uniform(1, 2).elements(ROWS * COLUMNS, random));
      step.feed(dy, Fill.uniform(1, 2).elements(ROWS * COLUMNS, random));
      step.feed(key, seed, number);
    }

    static boolean[] zeros(double[] elements) {
      boolean[] zeros = new boolean[elements.length];
      for (int i = 0; i < zeros.length; i++) {
        zeros[i] = elements[i] == 0;
      }
      return zeros;
    }

    boolean[] expected(int seed, int number) {
      int key1 = DropoutMask.key1(seed, number, 9);
      int key2 = DropoutMask.key2(seed, number, 9);
      int threshold = DropoutMask.threshold(0.2f);
      boolean[] zeros = new boolean[ROWS * COLUMNS];
      for (int i = 0; i < zeros.length; i++) {
        zeros[i] = !DropoutMask.keeps(i, key1, key2, threshold);
      }
      return zeros;
    }
  }

  @Test
  void forwardAndGradientDropWhatTheMaskSays() {
    Masked masked = new Masked(-12345, 678);
    boolean[] expected = masked.expected(-12345, 678);
    assertArrayEquals(expected, Masked.zeros(Truth.of(masked.y, masked.step)));
    assertArrayEquals(expected, Masked.zeros(Truth.of(masked.dx, masked.step)));
  }

  @TestFactory
  Stream<DynamicNode> enginesDropTheSameElements() {
    Masked masked = new Masked(-12345, 678);
    boolean[] expected = masked.expected(-12345, 678);
    return Candidate.atHand().stream()
        .map(
            candidate ->
                DynamicTest.dynamicTest(
                    candidate.toString(),
                    () -> {
                      try (Engine engine = candidate.open();
                          Program program = engine.compile(masked.graph)) {
                        Comparison.run(masked.step, engine, program);
                        double[] y = Comparison.fetch(program, masked.y);
                        double[] dx = Comparison.fetch(program, masked.dx);
                        assertArrayEquals(expected, Masked.zeros(y));
                        assertArrayEquals(expected, Masked.zeros(dx));
                      }
                    }));
  }

  @Test
  void keptElementsAreScaledSoThatTheMeanStays() {
    Masked masked = new Masked(1, 2);
    double[] x = masked.step.feeds().get(masked.x);
    double[] y = Truth.of(masked.y, masked.step);
    for (int i = 0; i < x.length; i++) {
      assertEquals(y[i] == 0 ? 0 : x[i] / (1 - (double) 0.2f), y[i], 1e-12);
    }
    double ratio = Arrays.stream(y).sum() / Arrays.stream(x).sum();
    assertEquals(1, ratio, 5 * Math.sqrt(0.25 / x.length) * 1.1);
  }

  @Test
  void noSiteAndRateZeroLeaveTheValueItself() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(3));
    Value key = graph.input("key", TensorType.i32(2));
    assertSame(x, Dropout.of(x, null));
    assertSame(x, Dropout.of(x, new DropoutSite(key, 0, 0)));
  }
}
