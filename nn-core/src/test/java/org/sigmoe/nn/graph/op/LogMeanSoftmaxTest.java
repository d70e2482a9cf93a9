package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

class LogMeanSoftmaxTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {
      {1, 2}, {5}, {7, 3}, {33, 16}, {2, 31, 17}, {9, 130}, {3, 40, 64}, {3000, 16}, {400, 128}
    };
    for (int[] shape : shapes) {
      cases.add(logMeanSoftmax(Fill.normal(1), shape));
    }
    cases.add(logMeanSoftmax(Fill.normal(20), 50, 16));
    cases.add(logMeanSoftmax(unusedExpert(16), 50, 16));
    cases.add(logMeanSoftmax(unusedExpert(16), 2500, 16));
    // One expert has all the probability there is.
    cases.add(logMeanSoftmax(Fill.normal(1), 5, 1).cancellingTermsOf(1));
    return OpTests.of(cases);
  }

  private static OpCase logMeanSoftmax(Fill fill, int... sizes) {
    String range = "%.0f".formatted(fill.elements(64, new SplittableRandom(1))[3]);
    return OpCase.named(TensorType.f32(sizes) + " like " + range)
        .differentiable("logits", fill, sizes)
        .output(in -> LogMeanSoftmax.of(in.get("logits")));
  }

  /** Logits with an expert whose probability is below the least float, e^-103. */
  private static Fill unusedExpert(int experts) {
    return (count, random) -> {
      double[] logits = Fill.normal(1).elements(count, random);
      for (int i = 3; i < count; i += experts) {
        logits[i] -= 110;
      }
      return Fill.of(logits).elements(count, random);
    };
  }

  @Test
  void isTheLogarithmOfTheMeanProbability() {
    Value logits = new Graph().input("logits", TensorType.f32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(logits, 5, 5, 0, Math.log(3));
    assertArrayEquals(
        new double[] {Math.log(0.375), Math.log(0.625)},
        Truth.of(LogMeanSoftmax.of(logits), step),
        1e-15);
  }

  /**
   * The regulariser of sigma-MoE as a whole: dL/dz[t,j] = 1/N q[t,j] (logp[j] - sum over m of
   * q[t,m] logp[m]).
   */
  @Test
  void gradientOfTheNegativeEntropyIsAsByHand() {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(2, 3));
    double[][] z = {{1, 2, 0}, {-1, 0.5, 0.25}};
    Scenario.Step step = new Scenario.Step().feed(logits, 1, 2, 0, -1, 0.5, 0.25);
    Value loss = NegativeEntropy.of(LogMeanSoftmax.of(logits));
    double[][] q = new double[2][3];
    double[] logp = new double[3];
    for (int t = 0; t < 2; t++) {
      double sum = Arrays.stream(z[t]).map(Math::exp).sum();
      for (int j = 0; j < 3; j++) {
        q[t][j] = Math.exp(z[t][j]) / sum;
        logp[j] += q[t][j] / 2;
      }
    }
    Arrays.setAll(logp, j -> Math.log(logp[j]));
    double[] expected = new double[6];
    for (int t = 0; t < 2; t++) {
      double mean = q[t][0] * logp[0] + q[t][1] * logp[1] + q[t][2] * logp[2];
      for (int j = 0; j < 3; j++) {
        expected[3 * t + j] = q[t][j] * (logp[j] - mean) / 2;
      }
    }
    Value gradient = Gradients.of(loss, List.of(logits)).getFirst();
    assertArrayEquals(expected, Truth.of(gradient, step), 1e-15);
  }

  @TestFactory
  Stream<DynamicNode> anExpertWithoutProbabilityHasFiniteNumbersOnEveryEngine() {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(64, 16));
    Value logp = graph.output(LogMeanSoftmax.of(logits));
    Value loss = graph.output(NegativeEntropy.of(logp));
    Value gradient = graph.output(Gradients.of(loss, List.of(logits)).getFirst());
    double[] elements = unusedExpert(16).elements(64 * 16, new SplittableRandom(5));
    elements[3] = -3000;
    Scenario.Step step = new Scenario.Step().feed(logits, elements);
    return Candidate.atHand().stream()
        .map(
            candidate ->
                DynamicTest.dynamicTest(
                    candidate.toString(),
                    () -> {
                      try (Engine engine = candidate.open();
                          Program program = engine.compile(graph)) {
                        Comparison.run(step, engine, program);
                        double[] logs = Comparison.fetch(program, logp);
                        assertEquals(-113, logs[3], 3);
                        assertTrue(Arrays.stream(logs).allMatch(Double::isFinite));
                        double[] loss1 = Comparison.fetch(program, loss);
                        assertTrue(Double.isFinite(loss1[0]), () -> "loss " + loss1[0]);
                        double[] slopes = Comparison.fetch(program, gradient);
                        assertTrue(Arrays.stream(slopes).allMatch(Double::isFinite));
                      }
                    }));
  }
}
