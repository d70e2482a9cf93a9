package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * What forward and backward pass of {@link RelativeAttention} share: where operands lie, how
 * queries are cut into blocks and heads into groups, and the two products that make the unscaled
 * scores of a block.
 *
 * <p>A library call has a price of its own, so that one serves several heads: scratch arrays are
 * [heads of a group, rows of a block, ..].
 *
 * <p>A block of queries [begin, end) sees keys [0, M + end) and relative positions of rows [T -
 * end, S) of r: as many. With both products in scratch rows, score [i, j] = content [i, j] +
 * position [i, j + end - 1 - i].
 */
final class AttentionScores implements AutoCloseable {
  /** Queries of a block. */
  private static final int BLOCK = 64;

  /** Scores of a block of queries, over all heads of a call: they should stay in the cache. */
  private static final int MOST_SCORES = 64 * 1024;

  /**
   * Addresses of the operands that the scores are made of.
   *
   * @param q queries [B, T, H*P]
   * @param kv keys and values [B, S, H*2*P]
   * @param r projected positions [S, H*P]
   * @param u content bias [H, P]
   * @param v position bias [H, P]
   * @param scale factor of all scores [1]
   * @param length filled memory positions i32[1]
   */
  record Operands(long q, long kv, long r, long u, long v, long scale, long length) {}

  /**
   * A block of queries.
   *
   * @param begin first query
   * @param end one past the last
   * @param keys keys that its last query sees
   */
  record Block(int begin, int end, int keys) {
    int rows() {
      return end - begin;
    }

    /** First row of r that it uses, where there are {@code context} queries in all. */
    int firstPosition(int context) {
      return context - end;
    }

    /** What to add to a key's column for its column in a row of position scores. */
    int shift(int query) {
      return end - 1 - query;
    }
  }

  final RelativeAttention.Sizes sizes;
  final Operands operands;
  final List<Block> blocks;

  /**
   * Floats between rows of scores in scratch memory. The last vector of a row may begin anywhere in
   * it, and then ends before the next row.
   */
  final int pitch;

  /** Heads of a group, a divisor of their number. */
  final int groupHeads;

  private final List<GemmPlan> products = new ArrayList<>();

  AttentionScores(Gemm gemm, RelativeAttention.Sizes sizes, Operands operands) {
    this.sizes = sizes;
    this.operands = operands;
    this.pitch = (Math.ceilDiv(sizes.keys(), Lanes.COUNT) + 1) * Lanes.COUNT;
    this.groupHeads = groupHeads(sizes, pitch);
    this.blocks = new ArrayList<>();
    for (int begin = 0; begin < sizes.context(); begin += BLOCK) {
      int end = Math.min(sizes.context(), begin + BLOCK);
      blocks.add(new Block(begin, end, sizes.memory() + end));
    }
    for (Block block : blocks) {
      GemmShape shape =
          GemmShape.of(block.rows(), block.keys(), sizes.headSize(), Transpose.NO, Transpose.YES);
      products.add(
          gemm.plan(
              shape
                  .withLeadingDimensions(sizes.headSize(), 2 * sizes.width(), pitch)
                  .withBatch(groupHeads, queryStride(), 2L * sizes.headSize(), scoreStride())));
      products.add(
          gemm.plan(
              shape
                  .withLeadingDimensions(sizes.headSize(), sizes.width(), pitch)
                  .withBatch(groupHeads, queryStride(), sizes.headSize(), scoreStride())));
    }
  }

  private static int groupHeads(RelativeAttention.Sizes sizes, int pitch) {
    int rows = Math.min(BLOCK, sizes.context());
    int most = Math.clamp(MOST_SCORES / ((long) rows * pitch), 1, sizes.heads());
    while (sizes.heads() % most != 0) {
      most--;
    }
    return most;
  }

  /** Groups that the heads are cut into. */
  int groups() {
    return sizes.heads() / groupHeads;
  }

  /** Floats between the heads of scratch arrays of queries. */
  long queryStride() {
    return (long) blockRows() * sizes.headSize();
  }

  /** Floats between the heads of scratch arrays of scores. */
  long scoreStride() {
    return (long) blockRows() * pitch;
  }

  /** Floats of a scratch array of queries. */
  int queryFloats() {
    return Math.toIntExact(groupHeads * queryStride());
  }

  /** Floats of a scratch array of scores. */
  int scoreFloats() {
    return Math.toIntExact(groupHeads * scoreStride());
  }

  /** Offset in bytes of a query's row in a scratch array, by number in group and in block. */
  long queryRow(int head, int row) {
    return 4 * (head * queryStride() + (long) row * sizes.headSize());
  }

  /** Offset in bytes of a query's scores in a scratch array, by number in group and in block. */
  long scoreRow(int head, int row) {
    return 4 * (head * scoreStride() + (long) row * pitch);
  }

  /** Rows of the largest block. */
  int blockRows() {
    return Math.min(BLOCK, sizes.context());
  }

  /** Offset in bytes of query, result or gradient row (b, i) of head h in a [B, T, H*P] tensor. */
  long queryOffset(int b, int i, int h) {
    return 4 * (((long) b * sizes.context() + i) * sizes.width() + (long) h * sizes.headSize());
  }

  /** Offset in bytes of key (b, j) of head h in a [B, S, H*2*P] tensor; its value follows it. */
  long keyOffset(int b, int j, int h) {
    return 8 * (((long) b * sizes.keys() + j) * sizes.width() + (long) h * sizes.headSize());
  }

  /** Offset in bytes of position row c of head h in a [S, H*P] tensor. */
  long positionOffset(int c, int h) {
    return 4 * ((long) c * sizes.width() + (long) h * sizes.headSize());
  }

  /** Offset in bytes of head h in a [H, P] tensor. */
  long headOffset(int h) {
    return 4L * h * sizes.headSize();
  }

  /** First key that a query sees. */
  int firstVisible(int query) {
    int length = NativeMemory.ALL.get(ValueLayout.JAVA_INT, operands.length());
    return sizes.firstVisible(query, length);
  }

  /**
   * A part of the work on a block of queries for a group of heads; the next part follows when this
   * one is done with the whole block. As with {@link Pass}, that keeps the compiler from inlining
   * too much into one method.
   */
  interface BlockPass {
    /**
     * Does its part.
     *
     * @param index which block
     * @param b batch row
     * @param h first head of the group
     * @param base address of the worker's scratch memory
     */
    void run(int index, int b, int h, long base);
  }

  /**
   * Adds the biases to the queries of a block.
   *
   * @param contentQueries receives q + u [heads, rows, P]
   * @param positionQueries receives q + v [heads, rows, P]
   */
  void queries(int index, int b, int h, long contentQueries, long positionQueries) {
    Block block = blocks.get(index);
    for (int head = 0; head < groupHeads; head++) {
      long u = operands.u() + headOffset(h + head);
      long v = operands.v() + headOffset(h + head);
      for (int i = block.begin(); i < block.end(); i++) {
        long row = queryRow(head, i - block.begin());
        long query = operands.q() + queryOffset(b, i, h + head);
        addRow(query, u, contentQueries + row);
        addRow(query, v, positionQueries + row);
      }
    }
  }

  /**
   * Computes the two products of a block.
   *
   * @param contentQueries q + u
   * @param positionQueries q + v
   * @param content receives the content scores [heads, rows, pitch]
   * @param position receives the position scores [heads, rows, pitch]
   */
  void products(
      int index,
      int b,
      int h,
      long contentQueries,
      long positionQueries,
      long content,
      long position) {
    products.get(2 * index).run(contentQueries, operands.kv() + keyOffset(b, 0, h), content);
    long positions =
        operands.r() + positionOffset(blocks.get(index).firstPosition(sizes.context()), h);
    products.get(2 * index + 1).run(positionQueries, positions, position);
  }

  /** target = x + y over one row of a head. */
  void addRow(long x, long y, long target) {
    int size = sizes.headSize();
    VectorMask<Float> rest = Lanes.rest(size);
    for (int c = 0; c < size; c += Lanes.COUNT) {
      int left = size - c;
      FloatVector sum = Lanes.load(x + 4L * c, left, rest).add(Lanes.load(y + 4L * c, left, rest));
      Lanes.store(sum, target + 4L * c, left, rest);
    }
  }

  @Override
  public void close() {
    products.forEach(GemmPlan::close);
  }
}
