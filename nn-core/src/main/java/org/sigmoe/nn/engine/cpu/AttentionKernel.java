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
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * {@link RelativeAttention}: a chunk is a group of heads of one batch row; the scores of a block of
 * queries live in a worker's scratch memory only.
 */
final class AttentionKernel implements ClosableKernel {
  private final AttentionScores scores;
  private final RelativeAttention.Sizes sizes;
  private final List<GemmPlan> weighting;
  private final Scratch scratch;
  private final long y;
  private final long lse;
  private final AttentionScores.BlockPass[] passes = {
    this::queries,
    this::products,
    this::maxima,
    this::exponentials,
    this::weighting,
    this::normalise
  };

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
    for (int index = 0; index < scores.blocks.size(); index++) {
      for (AttentionScores.BlockPass pass : passes) {
        pass.run(index, b, h, base);
      }
    }
  }

  private void queries(int index, int b, int h, long base) {
    scores.queries(index, b, h, base + scratch.contentQueries, base + scratch.positionQueries);
  }

  private void products(int index, int b, int h, long base) {
    scores.products(
        index,
        b,
        h,
        base + scratch.contentQueries,
        base + scratch.positionQueries,
        base + scratch.content,
        base + scratch.position);
  }

  /**
   * Leaves the scores in the content rows, 0 where keys are hidden, and each row's largest one.
   *
   * <p>Here and below, lanes beyond a row hold what another kernel left: they are stored, since
   * they are still the row's, and kept out of everything else.
   */
  private void maxima(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    FloatVector scale = Lanes.all(getFloat(scores.operands.scale()));
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        int query = i - block.begin();
        long content = base + scratch.content + scores.scoreRow(head, query);
        long position =
            base + scratch.position + scores.scoreRow(head, query) + 4L * block.shift(i);
        int first = scores.firstVisible(i);
        int last = sizes.memory() + i + 1;
        VectorMask<Float> rest = Lanes.rest(last - first);
        FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
        for (int j = first; j < last; j += Lanes.COUNT) {
          FloatVector raw = Lanes.load(content + 4L * j).add(Lanes.load(position + 4L * j));
          FloatVector score = raw.mul(scale);
          Lanes.store(score, content + 4L * j);
          FloatVector larger = max.max(score);
          max = last - j >= Lanes.COUNT ? larger : max.blend(larger, rest);
        }
        putFloat(rowFactor(base, head, query), max.reduceLanes(VectorOperators.MAX));
        Blocks.clear(content, first);
        Blocks.clear(content + 4L * last, block.keys() - last);
      }
    }
  }

  /** Turns the scores into their exponentials, and the largest ones into factors for the result. */
  private void exponentials(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    for (int head = 0; head < scores.groupHeads; head++) {
      long rowLse = lse + 4 * (((long) b * sizes.heads() + h + head) * sizes.context());
      for (int i = block.begin(); i < block.end(); i++) {
        int query = i - block.begin();
        long content = base + scratch.content + scores.scoreRow(head, query);
        int first = scores.firstVisible(i);
        int last = sizes.memory() + i + 1;
        float max = getFloat(rowFactor(base, head, query));
        VectorMask<Float> rest = Lanes.rest(last - first);
        FloatVector sum = Lanes.all(0f);
        for (int j = first; j < last; j += Lanes.COUNT) {
          FloatVector exp = Lanes.exp(Lanes.load(content + 4L * j).sub(max));
          FloatVector visible = Lanes.within(exp, last - j, rest);
          Lanes.store(visible, content + 4L * j);
          sum = sum.add(visible);
        }
        float total = Lanes.sum(sum);
        putFloat(rowFactor(base, head, query), 1 / total);
        putFloat(rowLse + 4L * i, (float) (max + Math.log(total)));
      }
    }
  }

  private void weighting(int index, int b, int h, long base) {
    long values = scores.operands.kv() + scores.keyOffset(b, 0, h) + 4L * sizes.headSize();
    long result = y + scores.queryOffset(b, scores.blocks.get(index).begin(), h);
    weighting.get(index).run(base + scratch.content, values, result);
  }

  /** Multiplies each row of a block's result by its factor. */
  private void normalise(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    int size = sizes.headSize();
    VectorMask<Float> rest = Lanes.rest(size);
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        long row = y + scores.queryOffset(b, i, h + head);
        float factor = getFloat(rowFactor(base, head, i - block.begin()));
        for (int c = 0; c < size; c += Lanes.COUNT) {
          int left = size - c;
          FloatVector scaled = Lanes.load(row + 4L * c, left, rest).mul(factor);
          Lanes.store(scaled, row + 4L * c, left, rest);
        }
      }
    }
  }

  private long rowFactor(long base, int head, int query) {
    return base + scratch.factors + 4L * (head * scores.blockRows() + query);
  }

  @Override
  public void close() {
    weighting.forEach(GemmPlan::close);
    scores.close();
  }
}
