package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
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

class SinkhornTest {
  private static final int ROWS = 4096;
  private static final int COLUMNS = 16;

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Sinkhorn.Form form : Sinkhorn.Form.values()) {
      cases.add(balanced(form, 1, 1, 1));
      cases.add(balanced(form, 3, 1, 7, 3));
      cases.add(balanced(form, 3, 2, 2, 33, 16));
      cases.add(balanced(form, 3, 3, 3, 5, 17));
      cases.add(balanced(form, 1, 4, 8, 130));
      cases.add(balanced(form, 8, 1, 64, 4));
      cases.add(balanced(form, 3, 1, 3000, 16));
      cases.add(balanced(form, 3, 3, 4500, 16));
    }
    return OpTests.of(cases);
  }

  private static OpCase balanced(Sinkhorn.Form form, int iterations, int groups, int... sizes) {
    return OpCase.named(
            "%s %s %d iterations %d groups"
                .formatted(form, TensorType.f32(sizes), iterations, groups))
        .given("logits", Fill.normal(2), sizes)
        .output(in -> Sinkhorn.of(in.get("logits"), iterations, groups, form));
  }

  @Test
  void manyIterationsGiveTheDoublyStochasticMatrix() {
    Value logits = new Graph().input("logits", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(logits, Math.log(4), 0, 0, 0);
    double[] scores = Truth.of(Sinkhorn.of(logits, 60, 1, Sinkhorn.Form.CORRECT), step);
    // diag(r) [4 1; 1 1] diag(c) with rows and columns of sum 2 has sqrt(4) : 1 on its rows.
    assertArrayEquals(
        new double[] {4.0 / 3, 2.0 / 3, 2.0 / 3, 4.0 / 3},
        Arrays.stream(scores).map(Math::exp).toArray(),
        1e-12);
  }

  @Test
  void groupsAreBalancedApart() {
    double[] logits = sharp(1);
    double[] whole = balance(logits, Sinkhorn.Form.CORRECT, 2);
    double[] half = new double[logits.length / 2];
    System.arraycopy(logits, 0, half, 0, half.length);
    double[] apart = balance(half, Sinkhorn.Form.CORRECT, 1);
    for (int i = 0; i < half.length; i++) {
      assertEquals(apart[i], whole[i], 1e-12);
    }
  }

  private static double[] balance(double[] elements, Sinkhorn.Form form, int groups) {
    Value logits = new Graph().input("logits", TensorType.f32(elements.length / COLUMNS, COLUMNS));
    Scenario.Step step = new Scenario.Step().feed(logits, elements);
    return Truth.of(Sinkhorn.of(logits, 3, groups, form), step);
  }

  /** Logits N(0, s) plus 0 to 2 s over the columns. */
  private static double[] sharp(double s) {
    SplittableRandom random = new SplittableRandom(2);
    double[] logits = new double[ROWS * COLUMNS];
    for (int i = 0; i < logits.length; i++) {
      double tilt = 2 * s * (i % COLUMNS) / (COLUMNS - 1);
      logits[i] = (float) (random.nextGaussian() * s + tilt);
    }
    return logits;
  }

  private static double[] masses(double[] scores) {
    double[] masses = new double[COLUMNS];
    for (int i = 0; i < scores.length; i++) {
      masses[i % COLUMNS] += Math.exp(scores[i]);
    }
    return masses;
  }

  /** How often each column is among the four largest of a row. */
  private static double[] usage(double[] scores) {
    Value input = new Graph().input("scores", TensorType.f32(ROWS, COLUMNS));
    double[] indices = Truth.of(TopK.of(input, 4), new Scenario.Step().feed(input, scores));
    double[] usage = new double[COLUMNS];
    for (double index : indices) {
      usage[(int) index]++;
    }
    return usage;
  }

  private static double spread(double[] counts) {
    return Arrays.stream(counts).max().orElseThrow() / Arrays.stream(counts).min().orElseThrow();
  }

  @TestFactory
  Stream<DynamicNode> correctFormBalancesSharpScoresOnEveryEngine() {
    return onEveryEngine(
        Sinkhorn.Form.CORRECT,
        (s, scores) -> {
          double[] masses = masses(scores);
          double mean = Arrays.stream(masses).average().orElseThrow();
          for (double mass : masses) {
            assertEquals(1, mass / mean, 0.01, "mass of a column at s = " + s);
          }
          if (s == 3) {
            assertInRange(1, 1.35, spread(usage(scores)), "use of columns");
          }
        });
  }

  /**
   * A simulation of the published code with other random numbers gave 1.014, 2.2 and 8.9e4 for the
   * spread of masses, and 15.9 for the spread of use without balancing, 26.1 with the published
   * code and 1.27 with the correct form. At s = 3 the draw decides about orders of magnitude: five
   * draws gave masses from 1.5e4 to 1.6e8, and use from 25 to 1600.
   */
  @TestFactory
  Stream<DynamicNode> publishedFormDoesNotBalanceSharpScoresOnAnyEngine() {
    return onEveryEngine(
        Sinkhorn.Form.PAPER_CODE,
        (s, scores) -> {
          double masses = spread(masses(scores));
          if (s == 0.3) {
            assertInRange(1.008, 1.02, masses, "masses at s = 0.3");
          } else if (s == 1) {
            assertInRange(1.5, 3, masses, "masses at s = 1");
          } else {
            double raw = spread(usage(sharp(s)));
            assertInRange(1e4, 1e9, masses, "masses at s = 3");
            assertInRange(12, 20, raw, "use without balancing");
            assertInRange(1.2 * raw, 1e4, spread(usage(scores)), "use");
          }
        });
  }

  private static void assertInRange(double low, double high, double actual, String what) {
    assertTrue(actual >= low && actual <= high, () -> "%s: %.4g".formatted(what, actual));
  }

  /** Hands over s and what the reference and all other engines make of the logits of that s. */
  private static Stream<DynamicNode> onEveryEngine(
      Sinkhorn.Form form, BiConsumer<Double, double[]> check) {
    return DoubleStream.of(0.3, 1, 3).boxed().flatMap(s -> onEveryEngine(form, s, check));
  }

  private static Stream<DynamicNode> onEveryEngine(
      Sinkhorn.Form form, double s, BiConsumer<Double, double[]> check) {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(ROWS, COLUMNS));
    Value scores = graph.output(Sinkhorn.of(logits, 3, 1, form));
    Scenario.Step step = new Scenario.Step().feed(logits, sharp(s));
    DynamicNode reference =
        DynamicTest.dynamicTest(
            "reference, s = " + s, () -> check.accept(s, Truth.of(scores, step)));
    Stream<DynamicNode> others =
        Candidate.atHand().stream()
            .map(
                candidate ->
                    DynamicTest.dynamicTest(
                        candidate + ", s = " + s,
                        () -> check.accept(s, run(candidate, graph, step, scores))));
    return Stream.concat(Stream.of(reference), others);
  }

  private static double[] run(Candidate candidate, Graph graph, Scenario.Step step, Value scores) {
    try (Engine engine = candidate.open();
        Program program = engine.compile(graph)) {
      Comparison.run(step, engine, program);
      return Comparison.fetch(program, scores);
    }
  }
}
