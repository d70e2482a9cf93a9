package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;

/** Cases of {@link RelativeAttention} that together reach what is special about it. */
public final class AttentionCases {
  private AttentionCases() {}

  /** All of them. */
  public static Stream<OpCase> all() {
    return Stream.of(
            withoutMemory(),
            memoryEmptyPartlyFilledAndFull(),
            memoryShorterThanTheContext(),
            oneQuery(),
            slidingWindow(),
            slidingWindowOverManyTiles(),
            manyHeadsAndBatchRows(),
            manyKeys(),
            largeScores())
        .flatMap(List::stream);
  }

  /** As many keys as queries. */
  public static List<OpCase> withoutMemory() {
    return List.of(
        // One key: its weight is 1, and all gradients but that of the values are 0.
        attention(2, 1, 0, 2, 3, 0).cancellingTermsOf(1),
        attention(1, 2, 0, 1, 1, 0),
        attention(2, 7, 0, 3, 7, 0),
        attention(1, 15, 0, 2, 41, 0),
        attention(3, 33, 0, 1, 17, 0));
  }

  /** All degrees of filling of a memory that is longer than the context, or about as long. */
  public static List<OpCase> memoryEmptyPartlyFilledAndFull() {
    return List.of(
        attention(2, 3, 4, 2, 7, 0),
        attention(2, 3, 4, 2, 7, 1),
        attention(2, 3, 4, 2, 7, 4),
        attention(1, 15, 17, 2, 33, 9),
        attention(2, 31, 33, 3, 7, 33),
        attention(1, 64, 65, 2, 16, 64),
        attention(1, 41, 100, 2, 41, 70));
  }

  /** Memory that ends before the context is over. */
  public static List<OpCase> memoryShorterThanTheContext() {
    return List.of(attention(2, 17, 1, 2, 15, 1), attention(3, 33, 15, 1, 8, 7));
  }

  /** One query, as in generation. */
  public static List<OpCase> oneQuery() {
    return List.of(
        attention(1, 1, 5, 1, 7, 5),
        attention(2, 1, 31, 3, 41, 17),
        attention(1, 1, 128, 4, 32, 128),
        attention(3, 1, 64, 2, 16, 0).cancellingTermsOf(1));
  }

  /** Memory empty, partly filled and full; shorter and longer than the context; none at all. */
  public static List<OpCase> slidingWindow() {
    return List.of(
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
        sliding(1, 41, 100, 2, 41, 70));
  }

  /** So far that whole tiles and vectors of keys are behind the window, or not filled. */
  public static List<OpCase> slidingWindowOverManyTiles() {
    return List.of(
        sliding(2, 130, 70, 3, 20, 70), sliding(1, 97, 33, 2, 9, 5), sliding(5, 64, 64, 4, 32, 50));
  }

  /** Enough of everything that an engine splits the work. */
  public static List<OpCase> manyHeadsAndBatchRows() {
    return List.of(attention(5, 64, 64, 4, 32, 50), attention(2, 130, 70, 3, 20, 70));
  }

  /** So many that an engine may spread a query's keys over more threads. */
  public static List<OpCase> manyKeys() {
    return List.of(attention(1, 3, 600, 2, 3, 550), attention(1, 2, 1030, 1, 3, 1000));
  }

  /**
   * Scores so large that their exponentials overflow unless the largest is taken off. The softmax
   * is saturated, which leaves little of the gradient for scale beside the terms it is the sum of.
   */
  public static List<OpCase> largeScores() {
    return List.of(attention(2, 7, 5, 2, 8, 5, Fill.uniform(8, 9)).cancellingTermsOf(0.02));
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

  static OpCase attention(
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

  static Value withLogSumExp(AttentionWindow window, Map<String, Value> in) {
    Value[] operands =
        Stream.of("q", "kv", "r", "u", "v", "scale", "length").map(in::get).toArray(Value[]::new);
    Node node = operands[0].graph().apply(new RelativeAttention(window), operands);
    operands[0].graph().output(node.result(1));
    return node.result(0);
  }
}
