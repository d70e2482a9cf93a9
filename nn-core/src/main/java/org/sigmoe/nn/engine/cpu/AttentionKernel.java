package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.Transpose;
import org.sigmoe.nn.graph.op.RelativeAttention;

/**
 * {@link RelativeAttention}: a chunk is a group of heads of one batch row; the scores of a block of
 * queries live in a worker's scratch memory only.
 */
final class AttentionKernel implements Kernel, AutoCloseable {
  private final AttentionScores scores;
  private final RelativeAttention.Sizes sizes;
  private final List<GemmPlan> weighting;
  private final Scratch scratch;
  private final long y;
  private final long lse;

  /**
   * Forward pass.
   *
   * @param y receives the result [B, T, H*P]
   * @param lse receives the log-sum-exp of the scores [B, H, T]
   */
  AttentionKernel(Gemm gemm, AttentionScores scores, ScratchMemory memory, long y, long lse) {
    this.scores = scores;
    this.sizes = scores.sizes;
    this.y = y;
    this.lse = lse;
    this.weighting =
        scores.blocks.stream()
            .map(
                block ->
                    gemm.plan(
                        GemmShape.of(
                                block.rows(),
                                sizes.headSize(),
                                block.keys(),
                                Transpose.NO,
                                Transpose.NO)
                            .withLeadingDimensions(scores.pitch, 2 * sizes.width(), sizes.width())
                            .withBatch(
                                scores.groupHeads,
                                scores.scoreStride(),
                                2L * sizes.headSize(),
                                sizes.headSize())))
            .toList();
    this.scratch = new Scratch(scores, memory);
  }

  /** Where a worker's intermediate results lie. */
  private static final class Scratch {
    private final ScratchMemory memory;
    private final int contentQueries;
    private final int positionQueries;
    private final int content;
    private final int position;
    private final int factors;

    Scratch(AttentionScores scores, ScratchMemory memory) {
      this.memory = memory;
      ScratchMemory.Layout layout = new ScratchMemory.Layout();
      contentQueries = layout.add(scores.queryFloats());
      positionQueries = layout.add(scores.queryFloats());
      content = layout.add(scores.scoreFloats());
      position = layout.add(scores.scoreFloats());
      factors = layout.add(scores.blockRows() * scores.groupHeads);
      memory.require(layout);
    }
  }

  @Override
  public int chunks() {
    return sizes.batch() * scores.groups();
  }

  @Override
  public void run(int chunk, int worker) {
    int b = chunk / scores.groups();
    int h = chunk % scores.groups() * scores.groupHeads;
    long base = scratch.memory.of(worker);
    long content = base + scratch.content;
    long position = base + scratch.position;
    for (int index = 0; index < scores.blocks.size(); index++) {
      scores.compute(
          index,
          b,
          h,
          base + scratch.contentQueries,
          base + scratch.positionQueries,
          content,
          position);
      AttentionScores.Block block = scores.blocks.get(index);
      for (int head = 0; head < scores.groupHeads; head++) {
        exponentials(
            block,
            b,
            h + head,
            content + scores.scoreRow(head, 0),
            position + scores.scoreRow(head, 0),
            base + scratch.factors + 4L * head * scores.blockRows());
      }
      long values = scores.operands.kv() + scores.keyOffset(b, 0, h) + 4L * sizes.headSize();
      weighting.get(index).run(content, values, y + scores.queryOffset(b, block.begin(), h));
      for (int head = 0; head < scores.groupHeads; head++) {
        normalise(block, b, h + head, base + scratch.factors + 4L * head * scores.blockRows());
      }
    }
  }

  /**
   * Turns the content rows into exponentials of the scores, 0 where keys are hidden, and leaves the
   * factors that make them probabilities in scratch memory.
   */
  private void exponentials(
      AttentionScores.Block block, int b, int h, long content, long position, long factors) {
    float scale = getFloat(scores.operands.scale());
    int first = scores.firstVisible();
    for (int i = block.begin(); i < block.end(); i++) {
      int index = i - block.begin();
      long row = 4L * index * scores.pitch;
      int last = sizes.memory() + i + 1;
      long shifted = position + row + 4L * block.shift(i);
      float max = score(content + row, shifted, scale, first, last);
      float sum = exponentiate(content + row, max, first, last);
      Blocks.clear(content + row, first);
      Blocks.clear(content + row + 4L * last, block.keys() - last);
      putFloat(factors + 4L * index, 1 / sum);
      long at = ((long) b * sizes.heads() + h) * sizes.context() + i;
      putFloat(lse + 4 * at, (float) (max + Math.log(sum)));
    }
  }

  /** content = scale * (content + position) on [first, last); returns the largest. */
  private static float score(long content, long position, float scale, int first, int last) {
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    int j = first;
    for (; j + Lanes.COUNT <= last; j += Lanes.COUNT) {
      FloatVector sum = Lanes.load(content + 4L * j).add(Lanes.load(position + 4L * j)).mul(scale);
      Lanes.store(sum, content + 4L * j);
      max = max.max(sum);
    }
    if (j < last) {
      VectorMask<Float> rest = Lanes.below(j, last);
      FloatVector sum =
          Lanes.load(content + 4L * j, rest).add(Lanes.load(position + 4L * j, rest)).mul(scale);
      Lanes.store(sum, content + 4L * j, rest);
      max = max.blend(max.max(sum), rest);
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private static float exponentiate(long row, float max, int first, int last) {
    FloatVector sum = Lanes.all(0f);
    int j = first;
    for (; j + Lanes.COUNT <= last; j += Lanes.COUNT) {
      FloatVector e = Lanes.exp(Lanes.load(row + 4L * j).sub(max));
      Lanes.store(e, row + 4L * j);
      sum = sum.add(e);
    }
    if (j < last) {
      VectorMask<Float> rest = Lanes.below(j, last);
      FloatVector e = Lanes.exp(Lanes.load(row + 4L * j, rest).sub(max));
      Lanes.store(e, row + 4L * j, rest);
      sum = sum.add(Lanes.all(0f).blend(e, rest));
    }
    return Lanes.sum(sum);
  }

  /** Multiplies each row of a block's result by its factor. */
  private void normalise(AttentionScores.Block block, int b, int h, long factors) {
    int size = sizes.headSize();
    for (int i = block.begin(); i < block.end(); i++) {
      long row = y + scores.queryOffset(b, i, h);
      float factor = getFloat(factors + 4L * (i - block.begin()));
      int c = 0;
      for (; c + Lanes.COUNT <= size; c += Lanes.COUNT) {
        Lanes.store(Lanes.load(row + 4L * c).mul(factor), row + 4L * c);
      }
      if (c < size) {
        VectorMask<Float> rest = Lanes.below(c, size);
        Lanes.store(Lanes.load(row + 4L * c, rest).mul(factor), row + 4L * c, rest);
      }
    }
  }

  @Override
  public void close() {
    weighting.forEach(GemmPlan::close);
    scores.close();
  }
}
