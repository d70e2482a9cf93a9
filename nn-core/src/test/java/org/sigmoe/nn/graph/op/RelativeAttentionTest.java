package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class RelativeAttentionTest {

  @TestFactory
  Stream<DynamicNode> withoutMemory() {
    return OpTests.of(
        List.of(
            // One key: its weight is 1, and all gradients but that of the values are 0.
            attention(2, 1, 0, 2, 3, 0).cancellingTermsOf(1),
            attention(1, 2, 0, 1, 1, 0),
            attention(2, 7, 0, 3, 7, 0),
            attention(1, 15, 0, 2, 41, 0),
            attention(3, 33, 0, 1, 17, 0)));
  }

  @TestFactory
  Stream<DynamicNode> memoryEmptyPartlyFilledAndFull() {
    return OpTests.of(
        List.of(
            attention(2, 3, 4, 2, 7, 0),
            attention(2, 3, 4, 2, 7, 1),
            attention(2, 3, 4, 2, 7, 4),
            attention(1, 15, 17, 2, 33, 9),
            attention(2, 31, 33, 3, 7, 33),
            attention(1, 64, 65, 2, 16, 64),
            attention(1, 41, 100, 2, 41, 70)));
  }

  @TestFactory
  Stream<DynamicNode> memoryShorterThanTheContext() {
    return OpTests.of(List.of(attention(2, 17, 1, 2, 15, 1), attention(3, 33, 15, 1, 8, 7)));
  }

  /** One query, as in generation. */
  @TestFactory
  Stream<DynamicNode> oneQuery() {
    return OpTests.of(
        List.of(
            attention(1, 1, 5, 1, 7, 5),
            attention(2, 1, 31, 3, 41, 17),
            attention(1, 1, 128, 4, 32, 128),
            attention(3, 1, 64, 2, 16, 0).cancellingTermsOf(1)));
  }

  /** Memory empty, partly filled and full; shorter and longer than the context; none at all. */
  @TestFactory
  Stream<DynamicNode> slidingWindow() {
    return OpTests.of(
        List.of(
            // Without memory a query sees its own key alone.
            sliding(2, 3, 0, 2, 5, 0).cancellingTermsOf(1),
            sliding(2, 3, 4, 2, 7, 0),
            sliding(2, 3, 4, 2, 7, 1),
            sliding(2, 3, 4, 2, 7, 4),
            sliding(2, 1, 31, 3, 41, 17),
            sliding(2, 17, 1, 2, 15, 1),
            sliding(3, 33, 15, 1, 8, 7),
            sliding(1, 15, 17, 2, 33, 9),
            sliding(2, 31, 33, 3, 7, 33),
            sliding(1, 41, 100, 2, 41, 70)));
  }

  /** So far that whole tiles and vectors of keys are behind the window, or not filled. */
  @TestFactory
  Stream<DynamicNode> slidingWindowOverManyTiles() {
    return OpTests.of(
        List.of(
            sliding(2, 130, 70, 3, 20, 70),
            sliding(1, 97, 33, 2, 9, 5),
            sliding(5, 64, 64, 4, 32, 50)));
  }

  /** Enough of everything that an engine splits the work. */
  @TestFactory
  Stream<DynamicNode> manyHeadsAndBatchRows() {
    return OpTests.of(List.of(attention(5, 64, 64, 4, 32, 50), attention(2, 130, 70, 3, 20, 70)));
  }

  /**
   * Scores so large that their exponentials overflow unless the largest is taken off. The softmax
   * is saturated, which leaves little of the gradient for scale beside the terms it is the sum of.
   */
  @TestFactory
  Stream<DynamicNode> largeScores() {
    return OpTests.of(
        List.of(attention(2, 7, 5, 2, 8, 5, Fill.uniform(8, 9)).cancellingTermsOf(0.02)));
  }

  private static OpCase attention(
      int batch, int context, int memory, int heads, int headSize, int length) {
    return attention(batch, context, memory, heads, headSize, length, Fill.uniform(0.2, 0.4));
  }

  private static OpCase attention(
      int batch, int context, int memory, int heads, int headSize, int length, Fill scale) {
    return attention(
        AttentionWindow.MEMORY, batch, context, memory, heads, headSize, length, scale);
  }

  private static OpCase sliding(
      int batch, int context, int memory, int heads, int headSize, int length) {
    Fill scale = Fill.uniform(0.2, 0.4);
    return attention(
        AttentionWindow.SLIDING, batch, context, memory, heads, headSize, length, scale);
  }

  private static OpCase attention(
      AttentionWindow window,
      int batch,
      int context,
      int memory,
      int heads,
      int headSize,
      int length,
      Fill scale) {
    int width = heads * headSize;
    int keys = memory + context;
    return OpCase.named(
            "%s B=%d T=%d M=%d H=%d P=%d length=%d"
                .formatted(window, batch, context, memory, heads, headSize, length))
        .differentiable("q", Fill.normal(1), batch, context, width)
        .differentiable("kv", Fill.normal(1), batch, keys, 2 * width)
        .differentiable("r", Fill.normal(1), keys, width)
        .differentiable("u", Fill.normal(1), heads, headSize)
        .differentiable("v", Fill.normal(1), heads, headSize)
        .differentiable("scale", scale, 1)
        .integers("length", Fill.of(length), 1)
        .output(in -> withLogSumExp(window, in));
  }

  private static Value withLogSumExp(AttentionWindow window, Map<String, Value> in) {
    Value[] operands =
        Stream.of("q", "kv", "r", "u", "v", "scale", "length").map(in::get).toArray(Value[]::new);
    Node node = operands[0].graph().apply(new RelativeAttention(window), operands);
    operands[0].graph().output(node.result(1));
    return node.result(0);
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
    OpCase test = attention(window, batch, context, memory, heads, headSize, length, scale);
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
    double[] actual = Truth.of(withLogSumExp(window, operands), step);
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
