package org.sigmoe.nn.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.Output;
import org.sigmoe.nn.engine.cpu.gemm.Transpose;

/**
 * The matrix products of {@link AttentionGradientKernel}, for each block of queries; each serves a
 * group of heads.
 */
final class AttentionGradientProducts implements AutoCloseable {
  /** Products of one block; p is the softmax, ds the gradient of the unscaled scores. */
  private record Plans(
      GemmPlan probabilities,
      GemmPlan firstToValues,
      GemmPlan toValues,
      GemmPlan firstToKeys,
      GemmPlan toKeys,
      GemmPlan fromKeys,
      GemmPlan firstToPositions,
      GemmPlan toPositions,
      GemmPlan fromPositions) {
    List<GemmPlan> all() {
      return List.of(
          probabilities,
          firstToValues,
          toValues,
          firstToKeys,
          toKeys,
          fromKeys,
          firstToPositions,
          toPositions,
          fromPositions);
    }
  }

  private final List<Plans> blocks = new ArrayList<>();
  private final long valueOffset;

  AttentionGradientProducts(Gemm gemm, AttentionScores scores) {
    int size = scores.sizes.headSize();
    int width = scores.sizes.width();
    int pitch = scores.pitch;
    int heads = scores.groupHeads;
    long query = scores.queryStride();
    long score = scores.scoreStride();
    valueOffset = 4L * size;
    for (AttentionScores.Block block : scores.blocks) {
      GemmShape probabilities =
          GemmShape.of(block.rows(), block.keys(), size, Transpose.NO, Transpose.YES)
              .withLeadingDimensions(width, 2 * width, pitch)
              .withBatch(heads, size, 2L * size, score);
      GemmShape transposed =
          GemmShape.of(block.keys(), size, block.rows(), Transpose.YES, Transpose.NO);
      GemmShape plain = GemmShape.of(block.rows(), size, block.keys(), Transpose.NO, Transpose.NO);
      GemmShape values =
          transposed
              .withLeadingDimensions(pitch, width, 2 * width)
              .withBatch(heads, score, size, 2L * size);
      GemmShape keys =
          transposed
              .withLeadingDimensions(pitch, size, 2 * width)
              .withBatch(heads, score, query, 2L * size);
      GemmShape positions =
          transposed.withLeadingDimensions(pitch, size, width).withBatch(heads, score, query, size);
      GemmShape fromKeys =
          plain
              .withLeadingDimensions(pitch, 2 * width, size)
              .withBatch(heads, score, 2L * size, query);
      GemmShape fromPositions =
          plain.withLeadingDimensions(pitch, width, size).withBatch(heads, score, size, query);
      blocks.add(
          new Plans(
              gemm.plan(probabilities),
              gemm.plan(values),
              gemm.plan(values.withOutput(Output.ACCUMULATE)),
              gemm.plan(keys),
              gemm.plan(keys.withOutput(Output.ACCUMULATE)),
              gemm.plan(fromKeys),
              gemm.plan(positions),
              gemm.plan(positions.withOutput(Output.ACCUMULATE)),
              gemm.plan(fromPositions)));
    }
  }

  /** dy value^T: the gradient of the softmax before its normalisation is accounted for. */
  void probabilities(int block, long dy, long values, long result) {
    blocks.get(block).probabilities().run(dy, values, result);
  }

  /** dvalue (+)= p^T dy and dkey (+)= ds^T (q + u), side by side in dkv. */
  void keysAndValues(
      int block, boolean first, long p, long ds, long dy, long contentQueries, long dkv) {
    Plans plans = blocks.get(block);
    (first ? plans.firstToValues() : plans.toValues()).run(p, dy, dkv + valueOffset);
    (first ? plans.firstToKeys() : plans.toKeys()).run(ds, contentQueries, dkv);
  }

  /** ds key: the gradient of q + u. */
  void contentQueries(int block, long ds, long keys, long result) {
    blocks.get(block).fromKeys().run(ds, keys, result);
  }

  /** dr (+)= shifted ds^T (q + v). */
  void positions(int block, boolean first, long shifted, long positionQueries, long dr) {
    Plans plans = blocks.get(block);
    (first ? plans.firstToPositions() : plans.toPositions()).run(shifted, positionQueries, dr);
  }

  /** shifted ds r: the gradient of q + v. */
  void positionQueries(int block, long shifted, long positions, long result) {
    blocks.get(block).fromPositions().run(shifted, positions, result);
  }

  @Override
  public void close() {
    blocks.forEach(plans -> plans.all().forEach(GemmPlan::close));
  }
}
