package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;

/**
 * Attention over projections, as in a model: the projected rows of memory and segment go to
 * products alone, as do the gradients for queries, keys and values: all may be rounded where they
 * are made. With layer norm in front of the projections its rows may be written where they are
 * joined, and the gradients for them lie where those for the joined rows do.
 */
final class ProjectedAttentionTest {

  @TestFactory
  Stream<DynamicNode> gradientsOfProjections() {
    return OpTests.of(
        List.of(
            projected(2, 7, 5, 3, 5),
            projected(1, 33, 31, 2, 41),
            projected(2, 65, 64, 3, 62),
            projected(1, 20, 30, 2, 70),
            // Of 6 columns the largest element of gain's gradient, a sum of few rows, can be so
            // small
            // that 1 in 100 draws of operands misses the tolerance for rounded ones (computed in
            // double, with all operands of products rounded); of 20 none did.
            normed(2, 7, 5, 3, 5, 20),
            normed(1, 33, 31, 2, 41, 33),
            normed(3, 65, 64, 3, 62, 100),
            normed(2, 40, 41, 17, 62, 412)));
  }

  private static OpCase normed(
      int batch, int context, int memory, int heads, int headSize, int columns) {
    int width = heads * headSize;
    int keys = memory + context;
    // Projections of about unit size: a softmax of larger scores would magnify what rounding x
    // does.
    Fill projection = Fill.normal(1 / Math.sqrt(columns));
    return OpCase.named(
            "normed B=%d T=%d M=%d H=%d P=%d D=%d"
                .formatted(batch, context, memory, heads, headSize, columns))
        .differentiable("x", Fill.normal(1), batch, context, columns)
        .given("memory", Fill.normal(1), batch, memory, columns)
        .differentiable("gain", Fill.normal(1), columns)
        .differentiable("bias", Fill.normal(1), columns)
        .differentiable("wq", projection, width, columns)
        .differentiable("wkv", projection, 2 * width, columns)
        .differentiable("merge", Fill.normal(0.2), columns, width)
        .given("r", Fill.normal(1), keys, width)
        .given("u", Fill.normal(1), heads, headSize)
        .given("v", Fill.normal(1), heads, headSize)
        .given("scale", Fill.uniform(0.05, 0.1), 1)
        .integers("length", Fill.of(memory), 1)
        .output(
            in -> {
              Value x = LayerNorm.of(in.get("x"), in.get("gain"), in.get("bias"), 1e-5f);
              Value past = LayerNorm.of(in.get("memory"), in.get("gain"), in.get("bias"), 1e-5f);
              Value q = MatMul.linear(x, in.get("wq"));
              Value kv = MatMul.linear(Concat.of(past, x), in.get("wkv"));
              return Add.of(in.get("x"), MatMul.linear(attended(in, q, kv), in.get("merge")));
            });
  }

  private static OpCase projected(int batch, int context, int memory, int heads, int headSize) {
    int width = heads * headSize;
    int keys = memory + context;
    return OpCase.named(
            "B=%d T=%d M=%d H=%d P=%d".formatted(batch, context, memory, heads, headSize))
        .differentiable("x", Fill.normal(1), batch, context, 6)
        .differentiable("memory", Fill.normal(1), batch, memory, 6)
        .differentiable("wq", Fill.normal(0.2), width, 6)
        .differentiable("wkv", Fill.normal(0.2), 2 * width, 6)
        .differentiable("r", Fill.normal(1), keys, width)
        .differentiable("u", Fill.normal(1), heads, headSize)
        .differentiable("v", Fill.normal(1), heads, headSize)
        .given("scale", Fill.uniform(0.05, 0.1), 1)
        .integers("length", Fill.of(memory), 1)
        .output(
            in -> {
              Value q = MatMul.linear(in.get("x"), in.get("wq"));
              Value seen = Concat.of(in.get("memory"), in.get("x"));
              Value kv = MatMul.linear(seen, in.get("wkv"));
              return attended(in, q, kv);
            });
  }

  private static Value attended(Map<String, Value> in, Value q, Value kv) {
    return RelativeAttention.of(
        AttentionWindow.MEMORY,
        q,
        kv,
        in.get("r"),
        in.get("u"),
        in.get("v"),
        in.get("scale"),
        in.get("length"));
  }
}
