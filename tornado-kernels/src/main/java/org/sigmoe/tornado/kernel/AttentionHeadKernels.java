package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Between the layout of relative attention's operands and results, in which the heads of a row lie
 * side by side, and the layout of batched products: one matrix after the other for each head, its
 * rows {@code pitch} elements apart. Operands are rounded to bf16 on the way.
 *
 * <p>Rounded operands are too coarse for scores, of which exponentials are taken. So an operand of
 * scores has three parts side by side: with x = high + low, both bf16, the left one has (high,
 * high, low) and the right one (high, low, high), and the sum over all columns is the product of
 * the operands but for low times low. Other products use the first part alone, or the first two.
 * Columns beyond the parts are 0.
 *
 * <p>H heads of P columns; x, y [rows, H*P]; kv [rows, H*2*P]; by heads [H, rows, pitch]. Sums run
 * in a fixed order. OpenCL and CUDA.
 */
public final class AttentionHeadKernels {
  private AttentionHeadKernels() {}

  /** Elements from one row of a rounded operand of so many parts to the next. */
  public static int pitch(int size, int parts) {
    return RoundingKernels.pitch(size * parts);
  }

  /**
   * y by heads, bf16, from the columns of each head in x. Launch shape: {@link
   * LaunchShapes#elements} of y's pairs.
   *
   * @param x [rows, H*step]
   * @param start first column of a head
   * @param step columns from one head to the next
   * @param pitch of {@link #pitch(int, int)}
   * @param parts how many times the columns follow each other in y: 1, or 3 for scores
   * @param low which of the parts is the rest that rounding leaves
   * @param y as {@link Bf16Pairs}
   */
  public static void toHeads(
      KernelContext context,
      FloatArray x,
      int rows,
      int heads,
      int size,
      int start,
      int step,
      int pitch,
      int parts,
      int low,
      IntArray y) {
    int pairsOfRow = pitch / 2;
    int begin = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(begin + LaunchShapes.SPAN, heads * rows * pairsOfRow);
    for (int index = begin; index < end; index += LaunchShapes.GROUP) {
      int matrixRow = index / pairsOfRow;
      int h = matrixRow / rows;
      int row = matrixRow - h * rows;
      int from = (row * heads + h) * step + start;
      int column = 2 * (index - matrixRow * pairsOfRow);
      float first = ofParts(x, from, column, size, parts, low);
      float second = ofParts(x, from, column + 1, size, parts, low);
      y.set(index, Bf16Pairs.of(first, second));
    }
  }

  /** The element in a column of several parts side by side, 0 behind them. */
  private static float ofParts(FloatArray x, int from, int column, int size, int parts, int low) {
    int part = column / size;
    float value = 0f;
    if (part < parts) {
      value = x.get(from + column - part * size);
    }
    return part(value, part == low);
  }

  /**
   * q + u and q + v by heads, bf16, in three parts. Launch shape: {@link LaunchShapes#elements} of
   * the pairs of one of them.
   *
   * @param q [rows, H*P]
   * @param u [H, P]
   * @param v [H, P]
   * @param pitch of {@link #pitch(int, int)}
   * @param low as for {@link #toHeads}
   * @param qu as {@link Bf16Pairs}, and so is qv
   */
  public static void queriesToHeads(
      KernelContext context,
      FloatArray q,
      FloatArray u,
      FloatArray v,
      int rows,
      int heads,
      int size,
      int pitch,
      int parts,
      int low,
      IntArray qu,
      IntArray qv) {
    int pairsOfRow = pitch / 2;
    int begin = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(begin + LaunchShapes.SPAN, heads * rows * pairsOfRow);
    for (int index = begin; index < end; index += LaunchShapes.GROUP) {
      int matrixRow = index / pairsOfRow;
      int h = matrixRow / rows;
      int row = matrixRow - h * rows;
      int column = 2 * (index - matrixRow * pairsOfRow);
      int next = column + 1;
      int from = (row * heads + h) * size;
      float uFirst = biased(q, from, u, h, column, size, parts, low);
      float uSecond = biased(q, from, u, h, next, size, parts, low);
      float vFirst = biased(q, from, v, h, column, size, parts, low);
      float vSecond = biased(q, from, v, h, next, size, parts, low);
      qu.set(index, Bf16Pairs.of(uFirst, uSecond));
      qv.set(index, Bf16Pairs.of(vFirst, vSecond));
    }
  }

  /** As {@link #ofParts} of a query plus a bias. */
  private static float biased(
      FloatArray q, int from, FloatArray bias, int h, int column, int size, int parts, int low) {
    int part = column / size;
    int p = column - part * size;
    float value = 0f;
    if (part < parts) {
      value = q.get(from + p) + bias.get(h * size + p);
    }
    return part(value, part == low);
  }

  /**
   * x with 8 significant bits, or what that leaves (Veltkamp's splitting). Multiplying by a power
   * of two is exact, so it does not matter whether a compiler fuses it with the addition.
   */
  private static float part(float x, boolean low) {
    float sum = x * 65536f + x;
    float high = sum - (sum - x);
    return low ? x - high : high;
  }

  /**
   * y from the sum of parts by heads. Launch shape: {@link LaunchShapes#elements} of y.
   *
   * @param x [H, parts, rows, pitch]
   */
  public static void fromHeads(
      KernelContext context,
      FloatArray x,
      int parts,
      int rows,
      int heads,
      int size,
      int pitch,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows * heads * size);
    for (int index = first; index < end; index += LaunchShapes.GROUP) {
      int p = index % size;
      int h = index / size % heads;
      int row = index / size / heads;
      float sum = 0f;
      for (int part = 0; part < parts; part++) {
        sum += x.get(((h * parts + part) * rows + row) * pitch + p);
      }
      y.set(index, sum);
    }
  }

  /**
   * dkv from the gradients for keys and values by heads. Launch shape: {@link
   * LaunchShapes#elements} of rows*H*P.
   *
   * @param x [2, H, rows, pitch], the gradients for keys and then those for values
   */
  public static void keysFromHeads(
      KernelContext context,
      FloatArray x,
      int rows,
      int heads,
      int size,
      int pitch,
      FloatArray dkv) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, rows * heads * size);
    for (int index = first; index < end; index += LaunchShapes.GROUP) {
      int p = index % size;
      int h = index / size % heads;
      int row = index / size / heads;
      int from = (h * rows + row) * pitch + p;
      int at = (row * heads + h) * 2 * size + p;
      dkv.set(at, x.get(from));
      dkv.set(at + size, x.get(from + heads * rows * pitch));
    }
  }

  /**
   * dq [rows, H*P], the sum of gradients by content and by position, and the sums of each over each
   * chunk of rows. Launch shape: {@link #queriesFromHeadsThreads}.
   *
   * @param content [H, rows, pitch], two parts to be added, and so is position
   * @param secondPart columns before the second part
   * @param rowsPerChunk rows of all chunks but the last
   * @param du sums of content, [chunks, H*P]
   * @param dv sums of position, [chunks, H*P]
   */
  public static void queriesFromHeads(
      KernelContext context,
      FloatArray content,
      FloatArray position,
      int rows,
      int heads,
      int size,
      int pitch,
      int secondPart,
      int rowsPerChunk,
      FloatArray dq,
      FloatArray du,
      FloatArray dv) {
    int blocks = (size + LaunchShapes.COLUMNS - 1) / LaunchShapes.COLUMNS;
    int h = context.groupIdx / blocks;
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int p =
        context.groupIdx % blocks * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int first = context.groupIdy * rowsPerChunk;
    int end = p < size ? Math.min(first + rowsPerChunk, rows) : 0;
    float ofContent = 0f;
    float ofPosition = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      int from = (h * rows + row) * pitch + p;
      float contentPart = content.get(from) + content.get(from + secondPart);
      float positionPart = position.get(from) + position.get(from + secondPart);
      ofContent += contentPart;
      ofPosition += positionPart;
      dq.set((row * heads + h) * size + p, contentPart + positionPart);
    }
    float contentSum = GroupReductions.sumAcross(context, ofContent, LaunchShapes.COLUMNS);
    float positionSum = GroupReductions.sumAcross(context, ofPosition, LaunchShapes.COLUMNS);
    if (lane == 0 && p < size) {
      int at = (context.groupIdy * heads + h) * size + p;
      du.set(at, contentSum);
      dv.set(at, positionSum);
    }
  }

  /** Launch shape of {@link #queriesFromHeads}: 32 adjacent columns of a head to a group. */
  public static WorkerGrid queriesFromHeadsThreads(int heads, int size, int chunks) {
    return LaunchShapes.groups(heads * Math.ceilDiv(size, LaunchShapes.COLUMNS), chunks);
  }
}
