package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.graph.op.RelativeAttention;

/**
 * {@link RelativeAttention.Gradient}: a chunk is a group of heads over a group of batch rows;
 * scores are computed again block by block. Gradients that sum over batch rows (dr, du, dv, dscale)
 * are written a group each and added up by {@link ReduceKernel}.
 */
final class AttentionGradientKernel implements Kernel, AutoCloseable {
  /** Chunks aimed at: enough for some threads, few enough for the sums that each makes. */
  private static final int CHUNKS = 16;

  /** Scales below this, where the log-sum-exp says nothing about the size of scores. */
  private static final float LEAST_SCALE = 1e-3f;

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
    this.groups = groups(scores);
    this.memory = memory;
    ScratchMemory.Layout layout = new ScratchMemory.Layout();
    contentQueries = layout.add(scores.queryFloats());
    positionQueries = layout.add(scores.queryFloats());
    contentQueryGradient = layout.add(scores.queryFloats());
    positionQueryGradient = layout.add(scores.queryFloats());
    content = layout.add(scores.scoreFloats());
    position = layout.add(scores.scoreFloats());
    gradient = layout.add(scores.scoreFloats());
    memory.require(layout);
  }

  /** How batch rows are grouped. */
  static Split groups(AttentionScores scores) {
    int batch = scores.sizes.batch();
    int wanted = Math.clamp(Math.ceilDiv(CHUNKS, scores.groups()), 1, batch);
    return new Split(batch, Math.ceilDiv(batch, wanted));
  }

  @Override
  public int chunks() {
    return groups.chunks() * scores.groups();
  }

  @Override
  public void run(int chunk, int worker) {
    int group = chunk / scores.groups();
    int h = chunk % scores.groups() * scores.groupHeads;
    long width = sizes.width();
    long base = memory.of(worker);
    long dr = results.dr() + 4L * group * (sizes.keys() * width) + scores.headOffset(h);
    long du = results.du() + 4L * group * width + scores.headOffset(h);
    long dv = results.dv() + 4L * group * width + scores.headOffset(h);
    long dscale = results.dscale() + 4 * ((long) group * sizes.heads() + h);
    Blocks.clear(du, (long) scores.groupHeads * sizes.headSize());
    Blocks.clear(dv, (long) scores.groupHeads * sizes.headSize());
    Blocks.clear(dscale, scores.groupHeads);
    for (int b = groups.begin(group); b < groups.end(group); b++) {
      // From the last block, which sees all keys and so initialises the sums over blocks.
      for (int index = scores.blocks.size() - 1; index >= 0; index--) {
        boolean firstOfRow = index == scores.blocks.size() - 1;
        boolean firstOfGroup = firstOfRow && b == groups.begin(group);
        softmaxGradients(index, b, h, base, dscale);
        keysAndQueries(index, firstOfRow, b, h, base);
        positions(index, firstOfGroup, h, base, dr);
        finishQueries(scores.blocks.get(index), b, h, base, du, dv);
      }
    }
  }

  /**
   * Leaves the softmax in the content rows and the gradient of the unscaled scores in the gradient
   * rows, both 0 where keys are hidden; adds to dscale.
   */
  private void softmaxGradients(int index, int b, int h, long base, long dscale) {
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
    for (int head = 0; head < scores.groupHeads; head++) {
      float sum = softmaxGradients(block, b, h, head, base);
      putFloat(dscale + 4L * head, getFloat(dscale + 4L * head) + sum);
    }
  }

  private float softmaxGradients(AttentionScores.Block block, int b, int h, int head, long base) {
    float scale = getFloat(scores.operands.scale());
    int first = scores.firstVisible();
    double dscale = 0;
    for (int i = block.begin(); i < block.end(); i++) {
      long row = scores.scoreRow(head, i - block.begin());
      int last = sizes.memory() + i + 1;
      long query = scores.queryOffset(b, i, h + head);
      float dot = dot(forward.dy() + query, forward.y() + query);
      long at = ((long) b * sizes.heads() + h + head) * sizes.context() + i;
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
    return (float) dscale;
  }

  /** Products of the scores' gradients with queries and keys. */
  private void keysAndQueries(int index, boolean first, int b, int h, long base) {
    long keys = scores.keyOffset(b, 0, h);
    products.keysAndValues(
        index,
        first,
        base + content,
        base + gradient,
        forward.dy() + scores.queryOffset(b, scores.blocks.get(index).begin(), h),
        base + contentQueries,
        results.dkv() + keys);
    products.contentQueries(
        index, base + gradient, scores.operands.kv() + keys, base + contentQueryGradient);
  }

  /** Products of the scores' gradients, moved to relative positions, with queries and positions. */
  private void positions(int index, boolean first, int h, long base, long dr) {
    AttentionScores.Block block = scores.blocks.get(index);
    shift(block, base);
    int row = block.firstPosition(sizes.context());
    products.positions(
        index, first, base + position, base + positionQueries, dr + 4L * row * sizes.width());
    products.positionQueries(
        index,
        base + position,
        scores.operands.r() + scores.positionOffset(row, h),
        base + positionQueryGradient);
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
   * One query: content becomes the softmax, gradient that of the unscaled scores. Returns the
   * query's part of dscale, the covariance of scores and gradients under the softmax.
   *
   * <p>That is also the sum of gradients times scores, but scores may be large beside their spread,
   * and the rounding of {@code dot} times their mean would stay in the sum. So the sum is taken
   * about a centre near the mean, and what the sum of gradients, which should be 0, makes of the
   * rest is taken off again.
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
    float centre = Math.abs(scale) < LEAST_SCALE ? 0 : lse / scale;
    FloatVector products = Lanes.all(0f);
    FloatVector gradients = Lanes.all(0f);
    FloatVector mean = Lanes.all(0f);
    int j = first;
    for (; j + Lanes.COUNT <= last; j += Lanes.COUNT) {
      long at = 4L * j;
      FloatVector score = Lanes.load(content + at).add(Lanes.load(position + at));
      FloatVector p = Lanes.exp(score.mul(scale).sub(lse));
      FloatVector d = Lanes.load(gradient + at).sub(dot).mul(p);
      Lanes.store(p, content + at);
      Lanes.store(d.mul(scale), gradient + at);
      FloatVector centred = score.sub(centre);
      products = d.fma(centred, products);
      gradients = gradients.add(d);
      mean = p.fma(centred, mean);
    }
    if (j < last) {
      VectorMask<Float> rest = Lanes.below(j, last);
      long at = 4L * j;
      FloatVector score = Lanes.load(content + at, rest).add(Lanes.load(position + at, rest));
      FloatVector p = Lanes.all(0f).blend(Lanes.exp(score.mul(scale).sub(lse)), rest);
      FloatVector d = Lanes.load(gradient + at, rest).sub(dot).mul(p);
      Lanes.store(p, content + at, rest);
      Lanes.store(d.mul(scale), gradient + at, rest);
      FloatVector centred = score.sub(centre);
      products = d.fma(centred, products);
      gradients = gradients.add(d);
      mean = p.fma(centred, mean);
    }
    return Lanes.sum(products) - Lanes.sum(mean) * Lanes.sum(gradients);
  }

  /** Moves each row of gradients from the columns of keys to those of relative positions. */
  private void shift(AttentionScores.Block block, long base) {
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        long row = scores.scoreRow(head, i - block.begin());
        int shift = block.shift(i);
        long keys = sizes.memory() + i + 1;
        Blocks.clear(base + position + row, shift);
        Blocks.copy(base + gradient + row, base + position + row + 4L * shift, 4 * keys);
      }
    }
  }

  /** dq is the sum of its two parts; their sums over queries go to du and dv. */
  private void finishQueries(
      AttentionScores.Block block, int b, int h, long base, long du, long dv) {
    for (int head = 0; head < scores.groupHeads; head++) {
      long duHead = du + scores.headOffset(head);
      long dvHead = dv + scores.headOffset(head);
      for (int i = block.begin(); i < block.end(); i++) {
        long row = scores.queryRow(head, i - block.begin());
        long byContent = base + contentQueryGradient + row;
        long byPosition = base + positionQueryGradient + row;
        scores.addRow(byContent, byPosition, results.dq() + scores.queryOffset(b, i, h + head));
        scores.addRow(duHead, byContent, duHead);
        scores.addRow(dvHead, byPosition, dvHead);
      }
    }
  }

  @Override
  public void close() {
    products.close();
    scores.close();
  }
}
