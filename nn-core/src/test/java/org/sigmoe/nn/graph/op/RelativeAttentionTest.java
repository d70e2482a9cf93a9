package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class RelativeAttentionTest {

  @TestFactory
  Stream<DynamicNode> withoutMemory() {
    return OpTests.of(AttentionCases.withoutMemory());
  }

  @TestFactory
  Stream<DynamicNode> memoryEmptyPartlyFilledAndFull() {
    return OpTests.of(AttentionCases.memoryEmptyPartlyFilledAndFull());
  }

  @TestFactory
  Stream<DynamicNode> memoryShorterThanTheContext() {
    return OpTests.of(AttentionCases.memoryShorterThanTheContext());
  }

  @TestFactory
  Stream<DynamicNode> oneQuery() {
    return OpTests.of(AttentionCases.oneQuery());
  }

  @TestFactory
  Stream<DynamicNode> slidingWindow() {
    return OpTests.of(AttentionCases.slidingWindow());
  }

  @TestFactory
  Stream<DynamicNode> slidingWindowOverManyTiles() {
    return OpTests.of(AttentionCases.slidingWindowOverManyTiles());
  }

  @TestFactory
  Stream<DynamicNode> manyHeadsAndBatchRows() {
    return OpTests.of(AttentionCases.manyHeadsAndBatchRows());
  }

  @TestFactory
  Stream<DynamicNode> manyKeys() {
    return OpTests.of(AttentionCases.manyKeys());
  }

  @TestFactory
  Stream<DynamicNode> largeScores() {
    return OpTests.of(AttentionCases.largeScores());
  }

  @ParameterizedTest
  @CsvSource({
    "MEMORY, 1, 1, 0, 1, 1, 0",
    "MEMORY, 2, 5, 0, 2, 3, 0",
    "MEMORY, 2, 1, 6, 2, 3, 4",
    "MEMORY, 1, 4, 3, 1, 2, 0",
    "MEMORY, 2, 4, 3, 2, 3, 2",
    "MEMORY, 3, 3, 5, 2, 4, 5",
    "SLIDING, 2, 5, 0, 2, 3, 0",
    "SLIDING, 2, 1, 6, 2, 3, 4",
    "SLIDING, 1, 4, 3, 1, 2, 0",
    "SLIDING, 2, 4, 3, 2, 3, 2",
    "SLIDING, 2, 6, 3, 2, 3, 3",
    "SLIDING, 3, 3, 5, 2, 4, 5"
  })
  void equalsTheFormulaWithExplicitMasks(
      AttentionWindow window,
      int batch,
      int context,
      int memory,
      int heads,
      int headSize,
      int length) {
    Fill scale = Fill.uniform(0.2, 0.4);
    OpCase test =
        AttentionCases.attention(window, batch, context, memory, heads, headSize, length, scale);
    Graph graph = new Graph();
    Map<String, Value> operands = new LinkedHashMap<>();
    Map<String, double[]> contents = new LinkedHashMap<>();
    Scenario.Step step = new Scenario.Step();
    RandomGenerator random = new SplittableRandom(5);
    for (OpCase.Operand operand : test.operands()) {
      int count = Math.toIntExact(operand.type().shape().elements());
      Value value = graph.input(operand.name(), operand.type());
      operands.put(operand.name(), value);
      contents.put(operand.name(), operand.fill().elements(count, random));
      step.feed(value, contents.get(operand.name()));
    }
    double[] actual = Truth.of(AttentionCases.withLogSumExp(window, operands), step);
    double[] expected =
        new Formula(window, batch, context, memory, heads, headSize, length).evaluate(contents);
    assertArrayEquals(expected, actual, 1e-13);
  }

  /**
   * The definition, written down once more and as directly as can be: a full matrix of scores,
   * minus infinity where the key is not visible, softmax, weighted sum.
   */
  private record Formula(
      AttentionWindow window,
      int batch,
      int context,
      int memory,
      int heads,
      int headSize,
      int length) {

    double[] evaluate(Map<String, double[]> in) {
      int keys = memory + context;
      int width = heads * headSize;
      double[] q = in.get("q");
      double[] kv = in.get("kv");
      double[] r = in.get("r");
      double scale = in.get("scale")[0];
      double[] y = new double[batch * context * width];
      for (int b = 0; b < batch; b++) {
        for (int h = 0; h < heads; h++) {
          double[] u = slice(in.get("u"), h * headSize, headSize);
          double[] v = slice(in.get("v"), h * headSize, headSize);
          for (int i = 0; i < context; i++) {
            double[] query = slice(q, (b * context + i) * width + h * headSize, headSize);
            double[] scores = new double[keys];
            for (int j = 0; j < keys; j++) {
              // How far the key lies behind the query: below 0 it is in the future.
              int distance = i + memory - j;
              boolean near = window == AttentionWindow.MEMORY || distance <= memory;
              boolean visible = distance >= 0 && near && j >= memory - length;
              scores[j] = Double.NEGATIVE_INFINITY;
              if (visible) {
                double[] key = slice(kv, (b * keys + j) * 2 * width + h * 2 * headSize, headSize);
                // The last row of r is for the query's own position, the one before for its
                // predecessor and so on.
                double[] position =
                    slice(r, (keys - 1 - distance) * width + h * headSize, headSize);
                scores[j] = scale * (dot(sum(query, u), key) + dot(sum(query, v), position));
              }
            }
            double[] weights = softmax(scores);
            for (int p = 0; p < headSize; p++) {
              for (int j = 0; j < keys; j++) {
                int value = (b * keys + j) * 2 * width + h * 2 * headSize + headSize + p;
                y[(b * context + i) * width + h * headSize + p] += weights[j] * kv[value];
              }
            }
          }
        }
      }
      return y;
    }

    private static double[] slice(double[] from, int begin, int count) {
      return Arrays.copyOfRange(from, begin, begin + count);
    }

    private static double[] sum(double[] a, double[] b) {
      double[] sum = a.clone();
      for (int i = 0; i < a.length; i++) {
        sum[i] += b[i];
      }
      return sum;
    }

    private static double dot(double[] a, double[] b) {
      double dot = 0;
      for (int i = 0; i < a.length; i++) {
        dot += a[i] * b[i];
      }
      return dot;
    }

    private static double[] softmax(double[] scores) {
      double[] weights = new double[scores.length];
      double total = 0;
      for (double score : scores) {
        total += Math.exp(score);
      }
      for (int j = 0; j < scores.length; j++) {
        weights[j] = Math.exp(scores[j]) / total;
      }
      return weights;
    }
  }
}
