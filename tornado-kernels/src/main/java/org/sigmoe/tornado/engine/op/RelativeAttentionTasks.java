package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.kernel.AttentionGradientSumKernels;
import org.sigmoe.tornado.kernel.AttentionTile;
import org.sigmoe.tornado.kernel.RelativeAttentionGradientKernels;
import org.sigmoe.tornado.kernel.RelativeAttentionKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@link RelativeAttention} and its gradient: fused kernels in f32 and, on tensor cores, in bf16
 * ({@link FusedAttentionTasks}), or batched products ({@link RoundedAttentionTasks}).
 */
final class RelativeAttentionTasks {
  private RelativeAttentionTasks() {}

  /** Operands that an application of the op and one of its gradient have in common. */
  record Operands(
      FloatArray q,
      FloatArray kv,
      FloatArray r,
      FloatArray u,
      FloatArray v,
      FloatArray scale,
      IntArray length) {
    static Operands of(Node node, Lowering to) {
      return new Operands(
          to.floats(node.operand(0)),
          to.floats(node.operand(1)),
          to.floats(node.operand(2)),
          to.floats(node.operand(3)),
          to.floats(node.operand(4)),
          to.floats(node.operand(5)),
          to.ints(node.operand(6)));
    }
  }

  static void forward(Node node, Lowering to) {
    switch (to.precision()) {
      case F32, TF32 -> forwardByKernels(node, to);
      case BF16 -> {
        if (FusedAttentionTasks.possible(node, to)) {
          FusedAttentionTasks.forward(node, to);
        } else {
          RoundedAttentionTasks.forward(node, to);
        }
      }
    }
  }

  static void gradient(Node node, Lowering to) {
    switch (to.precision()) {
      case F32, TF32 -> gradientByKernels(node, to);
      case BF16 -> {
        if (FusedAttentionTasks.possible(node, to)) {
          FusedAttentionTasks.gradient(node, to);
        } else {
          RoundedAttentionTasks.gradient(node, to);
        }
      }
    }
  }

  private static void forwardByKernels(Node node, Lowering to) {
    RelativeAttention.Sizes sizes = RelativeAttention.sizes(node);
    Operands in = Operands.of(node, to);
    FloatArray y = to.floats(node.result(0));
    FloatArray lse = to.floats(node.result(1));
    FloatArray bias = positionBias(sizes, in, to);
    AttentionTile tile = AttentionTile.forward(sizes.context(), sizes.headSize());
    to.task(
        "attention",
        tile.forwardThreads(sizes.batch(), sizes.heads(), sizes.context()),
        id ->
            new TaskPackage(
                id,
                RelativeAttentionKernels::forward,
                to.context(),
                in.q,
                in.kv,
                in.r,
                in.u,
                bias,
                in.scale,
                in.length,
                y,
                lse,
                sizes.context(),
                sizes.keys(),
                sizes.heads(),
                sizes.headSize(),
                sizes.reach(),
                tile.queryRows(),
                tile.keyRows()));
  }

  private static void gradientByKernels(Node node, Lowering to) {
    RelativeAttention.Sizes sizes = RelativeAttention.sizes(node);
    Operands in = Operands.of(node, to);
    FloatArray y = to.floats(node.operand(7));
    FloatArray lse = to.floats(node.operand(8));
    FloatArray dy = to.floats(node.operand(9));
    FloatArray bias = positionBias(sizes, in, to);
    FloatArray terms = to.scratch(2 * sizes.batch() * sizes.heads() * sizes.context());
    to.task(
        "attentionQueryTerms",
        id ->
            new TaskPackage(
                id,
                AttentionGradientSumKernels::queryTerms,
                y,
                lse,
                dy,
                terms,
                sizes.batch(),
                sizes.context(),
                sizes.heads(),
                sizes.headSize()));
    int partsOfRow =
        Math.addExact(Math.multiplyExact(sizes.keys() + 2, sizes.width()), sizes.heads());
    FloatArray parts = to.scratch(Math.multiplyExact(sizes.batch(), partsOfRow));
    FloatArray dq = to.floats(node.result(0));
    FloatArray dkv = to.floats(node.result(1));
    AttentionTile tile = AttentionTile.gradient(sizes.headSize());
    to.task(
        "attentionGradient",
        tile.gradientThreads(sizes.batch(), sizes.heads()),
        id ->
            new TaskPackage(
                id,
                RelativeAttentionGradientKernels::gradient,
                to.context(),
                in.q,
                in.kv,
                in.r,
                in.u,
                in.v,
                in.scale,
                in.length,
                dy,
                bias,
                terms,
                dq,
                dkv,
                parts,
                sizes.context(),
                sizes.keys(),
                sizes.heads(),
                sizes.headSize(),
                sizes.reach(),
                tile.keyRows()));
    FloatArray dr = to.floats(node.result(2));
    FloatArray du = to.floats(node.result(3));
    FloatArray dv = to.floats(node.result(4));
    FloatArray dscale = to.floats(node.result(5));
    to.task(
        "attentionSumParts",
        id ->
            new TaskPackage(
                id,
                AttentionGradientSumKernels::sumParts,
                parts,
                dr,
                du,
                dv,
                dscale,
                sizes.batch(),
                sizes.keys(),
                sizes.heads(),
                sizes.headSize()));
  }

  private static FloatArray positionBias(RelativeAttention.Sizes sizes, Operands in, Lowering to) {
    FloatArray bias = to.scratch(sizes.heads() * sizes.keys());
    to.task(
        "attentionPositionBias",
        id ->
            new TaskPackage(
                id,
                RelativeAttentionKernels::positionBias,
                in.r,
                in.u,
                in.v,
                bias,
                sizes.keys(),
                sizes.heads(),
                sizes.headSize()));
    return bias;
  }
}
