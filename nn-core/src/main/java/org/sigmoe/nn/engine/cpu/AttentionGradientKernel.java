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
final class AttentionGradientKernel implements ClosableKernel {
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
  private final int dots;
  private final AttentionScores.BlockPass[] passes = {
    this::queries,
    this::products,
    this::dots,
    this::softmax,
    this::hide,
    this::softmaxGradients,
    this::keysAndQueries,
    this::positions,
    this::finishQueries
  };

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
    dots = layout.add(scores.groupHeads * scores.blockRows());
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
    long base = memory.of(worker);
    int first = groups.begin(group);
    long queryFloats = (long) scores.groupHeads * sizes.headSize();
    Blocks.clear(ofGroup(results.du(), first, sizes.width(), scores.headOffset(h)), queryFloats);
    Blocks.clear(ofGroup(results.dv(), first, sizes.width(), scores.headOffset(h)), queryFloats);
    Blocks.clear(ofGroup(results.dscale(), first, sizes.heads(), 4L * h), scores.groupHeads);
    for (int b = first; b < groups.end(group); b++) {
      // From the last block, which sees all keys and so initialises the sums over blocks.
      for (int index = scores.blocks.size() - 1; index >= 0; index--) {
        for (AttentionScores.BlockPass pass : passes) {
          pass.run(index, b, h, base);
        }
      }
    }
  }

  /** Whether a block is the first one of its batch row that is worked on. */
  private boolean firstOfRow(int index) {
    return index == scores.blocks.size() - 1;
  }

  /** Where the group of a batch row collects a sum of so many floats, from a head on. */
  private long ofGroup(long sums, int b, long floats, long head) {
    return sums + 4L * (b / groups.chunkItems()) * floats + head;
  }

  private void queries(int index, int b, int h, long base) {
    scores.queries(index, b, h, base + contentQueries, base + positionQueries);
  }

  private void products(int index, int b, int h, long base) {
    scores.products(
        index,
        b,
        h,
        base + contentQueries,
        base + positionQueries,
        base + content,
        base + position);
    long dyBlock = forward.dy() + scores.queryOffset(b, scores.blocks.get(index).begin(), h);
    long values = scores.operands.kv() + scores.keyOffset(b, 0, h) + 4L * sizes.headSize();
    products.probabilities(index, dyBlock, values, base + gradient);
  }

  /** For each query the product of its result and the gradient for that. */
  private void dots(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    int size = sizes.headSize();
    VectorMask<Float> rest = Lanes.rest(size);
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        long query = scores.queryOffset(b, i, h + head);
        FloatVector sum = Lanes.all(0f);
        for (int c = 0; c < size; c += Lanes.COUNT) {
          int left = size - c;
          FloatVector dy = Lanes.load(forward.dy() + query + 4L * c, left, rest);
          sum = dy.fma(Lanes.load(forward.y() + query + 4L * c, left, rest), sum);
        }
        putFloat(rowDot(base, head, i - block.begin()), Lanes.sum(sum));
      }
    }
  }

  /**
   * Leaves the softmax in the content rows, and in the position rows the scores about a centre near
   * their mean.
   *
   * <p>Lanes beyond a row hold what another kernel left; they become 0.
   */
  private void softmax(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    float scale = getFloat(scores.operands.scale());
    FloatVector factor = Lanes.all(scale);
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        long row = base + scores.scoreRow(head, i - block.begin());
        long shifted = row + position + 4L * block.shift(i);
        int first = scores.firstVisible(i);
        int last = sizes.memory() + i + 1;
        VectorMask<Float> rest = Lanes.rest(last - first);
        float lse = getFloat(rowLse(b, h + head, i));
        FloatVector minusLse = Lanes.all(-lse);
        FloatVector centre = Lanes.all(Math.abs(scale) < LEAST_SCALE ? 0 : lse / scale);
        for (int j = first; j < last; j += Lanes.COUNT) {
          int left = last - j;
          FloatVector byContent = Lanes.load(row + content + 4L * j);
          FloatVector byPosition = Lanes.load(shifted + 4L * j);
          FloatVector score = byContent.add(byPosition);
          FloatVector lost = lost(byContent, byPosition, score);
          FloatVector p = Lanes.exp(score.fma(factor, minusLse));
          // What rounding loses of a logarithm is a factor of its exponential.
          p = p.fma(lost.mul(factor), p);
          Lanes.store(Lanes.within(p, left, rest), row + content + 4L * j);
          Lanes.store(Lanes.within(score.sub(centre).add(lost), left, rest), shifted + 4L * j);
        }
      }
    }
  }

  /** What rounding lost in the sum of a and b, exactly (Knuth's two-sum). */
  private static FloatVector lost(FloatVector a, FloatVector b, FloatVector sum) {
    FloatVector ofB = sum.sub(a);
    return a.sub(sum.sub(ofB)).add(b.sub(ofB));
  }

  /** Makes the softmax and what becomes its gradient 0 where keys are hidden. */
  private void hide(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    for (int head = 0; head < scores.groupHeads; head++) {
      for (int i = block.begin(); i < block.end(); i++) {
        long row = base + scores.scoreRow(head, i - block.begin());
        int first = scores.firstVisible(i);
        int last = sizes.memory() + i + 1;
        // The last vector of a row may be partly beyond all keys.
        int hidden = Math.max(block.keys() - last, Lanes.COUNT);
        Blocks.clear(row + content, first);
        Blocks.clear(row + content + 4L * last, hidden);
        Blocks.clear(row + gradient, first);
        Blocks.clear(row + gradient + 4L * last, hidden);
      }
    }
  }

  /**
   * Leaves the gradient of the unscaled scores in the gradient rows and adds to dscale the
   * covariance of scores and gradients under the softmax.
   *
   * <p>That is also the sum of gradients times scores, but scores may be large beside their spread,
   * and the rounding of a query's dot times their mean would stay in the sum. So the sum is taken
   * over centred scores, and what the sum of gradients, which should be 0, makes of the rest is
   * taken off again.
   */
  private void softmaxGradients(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    FloatVector factor = Lanes.all(getFloat(scores.operands.scale()));
    long dscale = ofGroup(results.dscale(), b, sizes.heads(), 4L * h);
    for (int head = 0; head < scores.groupHeads; head++) {
      double sum = 0;
      for (int i = block.begin(); i < block.end(); i++) {
        long row = base + scores.scoreRow(head, i - block.begin());
        long shifted = row + position + 4L * block.shift(i);
        int first = scores.firstVisible(i);
        int last = sizes.memory() + i + 1;
        FloatVector dot = Lanes.all(getFloat(rowDot(base, head, i - block.begin())));
        FloatVector products = Lanes.all(0f);
        FloatVector gradients = products;
        FloatVector mean = products;
        for (int j = first; j < last; j += Lanes.COUNT) {
          FloatVector p = Lanes.load(row + content + 4L * j);
          FloatVector centred = Lanes.load(shifted + 4L * j);
          FloatVector d = Lanes.load(row + gradient + 4L * j).sub(dot).mul(p);
          Lanes.store(d.mul(factor), row + gradient + 4L * j);
          products = d.fma(centred, products);
          gradients = gradients.add(d);
          mean = p.fma(centred, mean);
        }
        sum += Lanes.sum(products) - Lanes.sum(mean) * Lanes.sum(gradients);
      }
      putFloat(dscale + 4L * head, getFloat(dscale + 4L * head) + (float) sum);
    }
  }

  private long rowDot(long base, int head, int query) {
    return base + dots + 4L * (head * scores.blockRows() + query);
  }

  private long rowLse(int b, int h, int query) {
    return forward.lse() + 4 * (((long) b * sizes.heads() + h) * sizes.context() + query);
  }

  /** Products of the scores' gradients with queries and keys. */
  private void keysAndQueries(int index, int b, int h, long base) {
    long keys = scores.keyOffset(b, 0, h);
    products.keysAndValues(
        index,
        firstOfRow(index),
        base + content,
        base + gradient,
        forward.dy() + scores.queryOffset(b, scores.blocks.get(index).begin(), h),
        base + contentQueries,
        results.dkv() + keys);
    products.contentQueries(
        index, base + gradient, scores.operands.kv() + keys, base + contentQueryGradient);
  }

  /** Products of the scores' gradients, moved to relative positions, with queries and positions. */
  private void positions(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    boolean firstOfGroup = firstOfRow(index) && b % groups.chunkItems() == 0;
    long floats = (long) sizes.keys() * sizes.width();
    long dr = ofGroup(results.dr(), b, floats, scores.headOffset(h));
    shift(block, base);
    int row = block.firstPosition(sizes.context());
    products.positions(
        index,
        firstOfGroup,
        base + position,
        base + positionQueries,
        dr + 4L * row * sizes.width());
    products.positionQueries(
        index,
        base + position,
        scores.operands.r() + scores.positionOffset(row, h),
        base + positionQueryGradient);
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
  private void finishQueries(int index, int b, int h, long base) {
    AttentionScores.Block block = scores.blocks.get(index);
    long du = ofGroup(results.du(), b, sizes.width(), scores.headOffset(h));
    long dv = ofGroup(results.dv(), b, sizes.width(), scores.headOffset(h));
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
