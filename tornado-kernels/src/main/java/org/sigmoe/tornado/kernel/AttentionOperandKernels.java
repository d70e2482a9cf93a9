package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.BFloat16;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Operands of attention on tensor cores, rounded to 16 bits, four elements at a time: one matrix
 * after the other for each head, its rows {@link #quads} apart, with zeros behind the head's
 * columns. Keys and positions are f16; values are bf16 where weights meet them, f16 where gradients
 * do. For cuBLAS, which takes scores in bf16, queries and parts of keys and positions are bf16 too.
 * CUDA only.
 */
public final class AttentionOperandKernels {
  private AttentionOperandKernels() {}

  /** Groups of four elements from one row of an operand to the next. */
  public static int quads(int size) {
    return 4 * ScoreTile.steps(size);
  }

  /**
   * Keys and values of single heads. What is adjacent in a row is read by adjacent threads, each
   * element once. Launch shape: {@link LaunchShapes#elements} of the quads of keys and of values.
   *
   * @param kv [rows, H*2*P], the keys and then the values of each head, rows {@code width} elements
   *     apart
   * @param width H*2*P, or more
   * @param both 1 if values are wanted in f16 too, for the gradient
   * @param headKeys keys in f16 [H, rows, quads], and behind them values if {@code both} is 1
   * @param headValues values in two parts in bf16 [2, H, rows, quads]
   */
  public static void keys(
      KernelContext context,
      FloatArray kv,
      int rows,
      int width,
      int heads,
      int size,
      int both,
      LongArray headKeys,
      LongArray headValues) {
    int quads = quads(size);
    int part = heads * rows * quads;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, 2 * part);
    for (int index = start; index < end; index += LaunchShapes.GROUP) {
      int vector = index / quads;
      int quad = index - vector * quads;
      int row = vector / (2 * heads);
      int ofRow = vector - row * 2 * heads;
      int isValue = vector & 1;
      int h = ofRow >> 1;
      int column = 4 * quad;
      int from = row * width + ofRow * size;
      int at = (h * rows + row) * quads + quad;
      float first = rounded(Bf16Pairs.orZero(kv, from, column, size));
      float second = rounded(Bf16Pairs.orZero(kv, from, column + 1, size));
      float third = rounded(Bf16Pairs.orZero(kv, from, column + 2, size));
      float fourth = rounded(Bf16Pairs.orZero(kv, from, column + 3, size));
      if (isValue == 0 || both == 1) {
        long inF16 = Quads.of(F16Pairs.of(first, second), F16Pairs.of(third, fourth));
        headKeys.set(isValue * part + at, inF16);
      }
      if (isValue == 1) {
        int upper = Bf16Pairs.of(first, second);
        int next = Bf16Pairs.of(third, fourth);
        int low = Bf16Pairs.of(first - Bf16Pairs.first(upper), second - Bf16Pairs.second(upper));
        int nextLow = Bf16Pairs.of(third - Bf16Pairs.first(next), fourth - Bf16Pairs.second(next));
        headValues.set(at, Quads.of(upper, next));
        headValues.set(part + at, Quads.of(low, nextLow));
      }
    }
  }

  /**
   * Positions [H, rows, quads]. Launch shape: {@link LaunchShapes#elements} of quads.
   *
   * @param r [rows, H*P]
   */
  public static void positions(
      KernelContext context, FloatArray r, int rows, int heads, int size, LongArray y) {
    int quads = quads(size);
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, heads * rows * quads);
    for (int index = start; index < end; index += LaunchShapes.GROUP) {
      int h = index / quads / rows;
      int row = index / quads % rows;
      y.set(index, f16(r, (row * heads + h) * size, 4 * (index % quads), size));
    }
  }

  /**
   * The two parts in bf16 of operands in f16, side by side. Launch shape: {@link
   * LaunchShapes#elements} of x's quads.
   *
   * @param x f16 [rows, quads], keys or positions of all heads
   * @param rows of all heads
   * @param y bf16 [rows, 2, quads]
   */
  public static void parts(KernelContext context, LongArray x, int rows, int quads, LongArray y) {
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, rows * quads);
    for (int index = start; index < end; index += LaunchShapes.GROUP) {
      long four = x.get(index);
      int first = (int) four;
      int second = (int) (four >> 32);
      int high = Bf16Pairs.of(F16Parts.high(first), F16Parts.high(first >> 16));
      int nextHigh = Bf16Pairs.of(F16Parts.high(second), F16Parts.high(second >> 16));
      int low = Bf16Pairs.of(F16Parts.low(first), F16Parts.low(first >> 16));
      int nextLow = Bf16Pairs.of(F16Parts.low(second), F16Parts.low(second >> 16));
      int row = index / quads;
      y.set(index + row * quads, Quads.of(high, nextHigh));
      y.set(index + (row + 1) * quads, Quads.of(low, nextLow));
    }
  }

  /**
   * q + u and q + v by heads, bf16. Launch shape: {@link LaunchShapes#elements} of the quads of one
   * of them.
   *
   * @param q [rows, H*P], rows {@code width} elements apart
   * @param u [H, P]
   * @param v [H, P]
   * @param width H*P, or up to P - 1 more
   * @param quads of a row of qu
   * @param qu [H, rows, quads], and so is qv
   */
  public static void queries(
      KernelContext context,
      FloatArray q,
      FloatArray u,
      FloatArray v,
      int rows,
      int width,
      int size,
      int quads,
      LongArray qu,
      LongArray qv) {
    int heads = width / size;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, heads * rows * quads);
    for (int index = start; index < end; index += LaunchShapes.GROUP) {
      int vector = index / quads;
      int quad = index - vector * quads;
      int row = vector / heads;
      int h = vector - row * heads;
      int column = 4 * quad;
      int bias = h * size;
      int from = row * width + bias;
      float first = Bf16Pairs.orZero(q, from, column, size);
      float second = Bf16Pairs.orZero(q, from, column + 1, size);
      float third = Bf16Pairs.orZero(q, from, column + 2, size);
      float fourth = Bf16Pairs.orZero(q, from, column + 3, size);
      float firstU = Bf16Pairs.orZero(u, bias, column, size);
      float secondU = Bf16Pairs.orZero(u, bias, column + 1, size);
      float thirdU = Bf16Pairs.orZero(u, bias, column + 2, size);
      float fourthU = Bf16Pairs.orZero(u, bias, column + 3, size);
      float firstV = Bf16Pairs.orZero(v, bias, column, size);
      float secondV = Bf16Pairs.orZero(v, bias, column + 1, size);
      float thirdV = Bf16Pairs.orZero(v, bias, column + 2, size);
      float fourthV = Bf16Pairs.orZero(v, bias, column + 3, size);
      int at = (h * rows + row) * quads + quad;
      int pairU = Bf16Pairs.of(first + firstU, second + secondU);
      qu.set(at, Quads.of(pairU, Bf16Pairs.of(third + thirdU, fourth + fourthU)));
      int pairV = Bf16Pairs.of(first + firstV, second + secondV);
      qv.set(at, Quads.of(pairV, Bf16Pairs.of(third + thirdV, fourth + fourthV)));
    }
  }

  /** Launch shape of {@link #queryTerms}: a warp for each query of each head. */
  public static WorkerGrid queryThreads(int rows, int heads) {
    return LaunchShapes.warps(Math.multiplyExact(rows, heads));
  }

  /**
   * What the gradient needs of each query: dy by heads, terms [B, H, T, 2], lse and D = dy . y,
   * with dy rounded to f16 as gradients for weights have it: so those of a single visible key
   * cancel. Launch shape: {@link #queryThreads}.
   *
   * @param y [B, T, H*P]
   * @param lse [B, H, T]
   * @param dy [B, T, H*P], rows {@code width} elements apart
   * @param rows B*T
   * @param width H*P, or up to P - 1 more
   * @param pitch of {@link AttentionHeadKernels#pitch(int, int)}
   * @param headGradients bf16 [H, rows, pitch]
   */
  public static void queryTerms(
      KernelContext context,
      FloatArray y,
      FloatArray lse,
      FloatArray dy,
      int rows,
      int queries,
      int width,
      int size,
      int pitch,
      FloatArray terms,
      ShortArray headGradients) {
    int heads = width / size;
    int lane = context.localIdx % LaunchShapes.WARP;
    int vector =
        context.groupIdx * (LaunchShapes.GROUP / LaunchShapes.WARP)
            + context.localIdx / LaunchShapes.WARP;
    // All lanes of a warp must come to the sum, so one beyond the last vector takes the last.
    int number = Math.min(vector, rows * heads - 1);
    int row = number / heads;
    int h = number % heads;
    int start = number * size;
    int startOfDy = row * width + h * size;
    float product = 0f;
    for (int p = lane; p < pitch; p += LaunchShapes.WARP) {
      float gradient = 0f;
      if (p < size) {
        gradient = dy.get(startOfDy + p);
        product += rounded(gradient) * y.get(start + p);
      }
      headGradients.set((h * rows + row) * pitch + p, BFloat16.bf16FromFloat(gradient));
    }
    float sum = context.simdSum(product);
    if (lane == 0 && vector < rows * heads) {
      int index = (row / queries * heads + h) * queries + row % queries;
      terms.set(2 * index, lse.get(index));
      terms.set(2 * index + 1, sum);
    }
  }

  private static long f16(FloatArray x, int row, int column, int size) {
    float first = Bf16Pairs.orZero(x, row, column, size);
    float second = Bf16Pairs.orZero(x, row, column + 1, size);
    float third = Bf16Pairs.orZero(x, row, column + 2, size);
    float fourth = Bf16Pairs.orZero(x, row, column + 3, size);
    return Quads.of(F16Pairs.of(first, second), F16Pairs.of(third, fourth));
  }

  /**
   * A number with 11 significant bits, those of f16 (Veltkamp's splitting). Multiplying by a power
   * of two is exact, so it does not matter whether a compiler fuses it with the addition.
   */
  static float rounded(float x) {
    float sum = x * 8192f + x;
    return sum - (sum - x);
  }
}
