package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.graph.op.RelativeAttention;

/**
 * {@link RelativeAttention.Gradient}: a chunk is one head over a group of batch rows; scores are
 * computed again block by block. Gradients that sum over batch rows (dr, du, dv, dscale) are
 * written a group each and added up by {@link ReduceKernel}.
 */
final class AttentionGradientKernel implements Kernel, AutoCloseable {
  /** Chunks aimed at, over all heads: enough for the threads of a large machine. */
  private static final int CHUNKS = 32;

  /**
   * Addresses of what the forward pass left and of the gradient that comes in.
   *
   * @param y result [B, T, H*P]
   * @param lse log-sum-exp of the scores [B, H, T]
   * @param dy gradient for the result
   */
  record Forward(long y, long lse, long dy) {}

  /**
   * Addresses of the results.
   *
   * @param dq gradient for q
   * @param dkv gradient for kv
   * @param dr gradient for r, [groups, S, H*P]
   * @param du gradient for u, [groups, H, P]
   * @param dv gradient for v, [groups, H, P]
   * @param dscale gradient for scale, [groups, H]
   */
  record Results(long dq, long dkv, long dr, long du, long dv, long dscale) {}

  private final AttentionScores scores;
  private final RelativeAttention.Sizes sizes;
  private final AttentionGradientProducts products;
  private final Forward forward;
  private final Results results;
  private final Split groups;
  private final ScratchMemory memory;
  private final int contentQueries;
  private final int positionQueries;
  private final int content;
  private final int position;
  private final int gradient;
  private final int contentQueryGradient;
  private final int positionQueryGradient;

  AttentionGradientKernel(
      Gemm gemm, AttentionScores scores, ScratchMemory memory, Forward forward, Results results) {
    this.scores = scores;
    this.sizes = scores.sizes;
    this.products = new AttentionGradientProducts(gemm, scores);
    this.forward = forward;
    this.results = results;
    this.groups = groups(sizes);
    this.memory = memory;
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    int queries = scores.blockRows() * sizes.headSize();
    int block = scores.blockRows() * scores.pitch;
    contentQueries = layout.add(queries);
    positionQueries = layout.add(queries);
    contentQueryGradient = layout.add(queries);
    positionQueryGradient = layout.add(queries);
    content = layout.add(block);
    position = layout.add(block);
    gradient = layout.add(block);
    memory.require(layout);
  }

  /** How batch rows are grouped. */
  static Split groups(RelativeAttention.Sizes sizes) {
    int wanted = Math.clamp(Math.ceilDiv(CHUNKS, sizes.heads()), 1, sizes.batch());
    return new Split(sizes.batch(), Math.ceilDiv(sizes.batch(), wanted));
  }

  @Override
  public int chunks() {
    return groups.chunks() * sizes.heads();
  }

  @Override
  public void run(int chunk, int worker) {
    int group = chunk / sizes.heads();
    int h = chunk % sizes.heads();
    long width = sizes.width();
    long dr = results.dr() + 4L * group * (sizes.keys() * width) + scores.headOffset(h);
    long du = results.du() + 4L * group * width + scores.headOffset(h);
    long dv = results.dv() + 4L * group * width + scores.headOffset(h);
    Blocks.clear(du, sizes.headSize());
    Blocks.clear(dv, sizes.headSize());
    double dscale = 0;
    for (int b = groups.begin(group); b < groups.end(group); b++) {
      // From the last block, which sees all keys and so initialises the sums over blocks.
      for (int index = scores.blocks.size() - 1; index >= 0; index--) {
        boolean firstOfRow = index == scores.blocks.size() - 1;
        boolean firstOfGroup = firstOfRow && b == groups.begin(group);
        dscale += block(index, b, h, memory.of(worker));
        products.keysAndValues(
            index,
            firstOfRow,
            memory.of(worker) + content,
            memory.of(worker) + gradient,
            forward.dy() + scores.queryOffset(b, scores.blocks.get(index).begin(), h),
            memory.of(worker) + contentQueries,
            results.dkv() + scores.keyOffset(b, 0, h));
        products.contentQueries(
            index,
            memory.of(worker) + gradient,
            scores.operands.kv() + scores.keyOffset(b, 0, h),
            memory.of(worker) + contentQueryGradient);
        shift(scores.blocks.get(index), memory.of(worker));
        int row = scores.blocks.get(index).firstPosition(sizes.context());
        products.positions(
            index,
            firstOfGroup,
            memory.of(worker) + position,
            memory.of(worker) + positionQueries,
            dr + 4L * row * width);
        products.positionQueries(
            index,
            memory.of(worker) + position,
            scores.operands.r() + scores.positionOffset(row, h),
            memory.of(worker) + positionQueryGradient);
        finishQueries(scores.blocks.get(index), b, h, memory.of(worker), du, dv);
      }
    }
    putFloat(results.dscale() + 4L * chunk, (float) dscale);
  }

  /**
   * Leaves the softmax in the content rows and the gradient of the unscaled scores in the gradient
   * rows, both 0 where keys are hidden; returns the block's part of dscale.
   */
  private double block(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    scores.compute(
        index,
        b,
        h,
        base + contentQueries,
        base + positionQueries,
        base + content,
        base + position);
    long dyBlock = forward.dy() + scores.queryOffset(b, block.begin(), h);
    long values = scores.operands.kv() + scores.keyOffset(b, 0, h) + 4L * sizes.headSize();
    products.probabilities(index, dyBlock, values, base + gradient);
    float scale = getFloat(scores.operands.scale());
    int first = scores.firstVisible();
    double dscale = 0;
    for (int i = block.begin(); i < block.end(); i++) {
      long row = 4L * (i - block.begin()) * scores.pitch;
      int last = sizes.memory() + i + 1;
      long query = scores.queryOffset(b, i, h);
      float dot = dot(forward.dy() + query, forward.y() + query);
      long at = ((long) b * sizes.heads() + h) * sizes.context() + i;
      dscale +=
          softmaxGradient(
              base + content + row,
              base + position + row + 4L * block.shift(i),
              base + gradient + row,
              scale,
              getFloat(forward.lse() + 4 * at),
              dot,
              first,
              last);
      Blocks.clear(base + content + row, first);
      Blocks.clear(base + content + row + 4L * last, block.keys() - last);
      Blocks.clear(base + gradient + row, first);
      Blocks.clear(base + gradient + row + 4L * last, block.keys() - last);
    }
    return dscale;
  }

  private float dot(long x, long y) {
    int size = sizes.headSize();
    FloatVector sum = Lanes.all(0f);
    int c = 0;
    for (; c + Lanes.COUNT <= size; c += Lanes.COUNT) {
      sum = Lanes.load(x + 4L * c).fma(Lanes.load(y + 4L * c), sum);
    }
    if (c < size) {
      VectorMask<Float> rest = Lanes.below(c, size);
      sum = Lanes.load(x + 4L * c, rest).fma(Lanes.load(y + 4L * c, rest), sum);
    }
    return Lanes.sum(sum);
  }

  /**
   * One query's part of dscale: the covariance of raw scores and gradients under the softmax. That
   * is also the sum of gradients times raw scores, but these are large beside their spread, and the
   * rounding of {@code dot} times their mean would stay in the sum.
   */
  private static float softmaxGradient(
      long content,
      long position,
      long gradient,
      float scale,
      float lse,
      float dot,
      int first,
      int last) {
    float mean = softmax(content, position, scale, lse, first, last);
    FloatVector dscale = Lanes.all(0f);
    int j = first;
    for (; j + Lanes.COUNT <= last; j += Lanes.COUNT) {
      long at = 4L * j;
      FloatVector d = Lanes.load(gradient + at).sub(dot).mul(Lanes.load(content + at));
      Lanes.store(d.mul(scale), gradient + at);
      dscale = d.fma(Lanes.load(position + at).sub(mean), dscale);
    }
    if (j < last) {
      VectorMask<Float> rest = Lanes.below(j, last);
      long at = 4L * j;
      FloatVector p = Lanes.load(content + at, rest);
      FloatVector d = Lanes.load(gradient + at, rest).sub(dot).mul(p);
      Lanes.store(d.mul(scale), gradient + at, rest);
      FloatVector raw = Lanes.load(position + at, rest).sub(mean);
      dscale = dscale.add(Lanes.all(0f).blend(d.mul(raw), rest));
    }
    return Lanes.sum(dscale);
  }

  /**
   * Leaves the softmax in place of the content scores and the raw scores in place of the position
   * scores; returns the mean of the raw scores under the softmax.
   */
  private static float softmax(
      long content, long position, float scale, float lse, int first, int last) {
    FloatVector mean = Lanes.all(0f);
    int j = first;
    for (; j + Lanes.COUNT <= last; j += Lanes.COUNT) {
      long at = 4L * j;
      FloatVector raw = Lanes.load(content + at).add(Lanes.load(position + at));
      FloatVector p = Lanes.exp(raw.mul(scale).sub(lse));
      Lanes.store(p, content + at);
      Lanes.store(raw, position + at);
      mean = p.fma(raw, mean);
    }
    if (j < last) {
      VectorMask<Float> rest = Lanes.below(j, last);
      long at = 4L * j;
      FloatVector raw = Lanes.load(content + at, rest).add(Lanes.load(position + at, rest));
      FloatVector p = Lanes.exp(raw.mul(scale).sub(lse));
      Lanes.store(p, content + at, rest);
      Lanes.store(raw, position + at, rest);
      mean = mean.add(Lanes.all(0f).blend(p.mul(raw), rest));
    }
    return Lanes.sum(mean);
  }

  /** Moves each row of gradients from the columns of keys to those of relative positions. */
  private void shift(AttentionScores.Block block, long base) {
    for (int i = block.begin(); i < block.end(); i++) {
      long row = 4L * (i - block.begin()) * scores.pitch;
      int shift = block.shift(i);
      long keys = sizes.memory() + i + 1;
      Blocks.clear(base + position + row, shift);
      Blocks.copy(base + gradient + row, base + position + row + 4L * shift, 4 * keys);
    }
  }

  /** dq is the sum of its two parts; their sums over queries go to du and dv. */
  private void finishQueries(
      AttentionScores.Block block, int b, int h, long base, long du, long dv) {
    for (int i = block.begin(); i < block.end(); i++) {
      long row = 4L * (i - block.begin()) * sizes.headSize();
      long byContent = base + contentQueryGradient + row;
      long byPosition = base + positionQueryGradient + row;
      scores.addRow(byContent, byPosition, results.dq() + scores.queryOffset(b, i, h));
      scores.addRow(du, byContent, du);
      scores.addRow(dv, byPosition, dv);
    }
  }

  @Override
  public void close() {
    products.close();
    scores.close();
  }
}
