package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Gradients of attention from single heads, as {@link AttentionHeadKernels}, where they are bf16:
 * read and written four elements at a time, although heads may begin at any column.
 *
 * <p>H heads of P columns, at least {@value #LEAST_SIZE}; by heads [H, rows, pitch], as quads. Sums
 * run in a fixed order. OpenCL and CUDA.
 */
public final class RoundedHeadKernels {
  /** Fewest columns of a head: four adjacent columns are then of two heads at most. */
  public static final int LEAST_SIZE = 4;

  private static final int ROWS_OF_CHUNK = 64;

  private static final int MOST_CHUNKS = 256;

  private RoundedHeadKernels() {}

  /**
   * dkv from the gradients for keys and values by heads. Launch shape: {@link
   * LaunchShapes#elements} of dkv's quads.
   *
   * @param x [2, H, rows, pitch], the gradients for keys and then those for values
   * @param roundedPitch columns of dkv, those beyond H*2*P 0
   * @param dkv [rows, roundedPitch]
   */
  public static void keys(
      KernelContext context,
      LongArray x,
      int rows,
      int heads,
      int size,
      int pitch,
      int roundedPitch,
      LongArray dkv) {
    int quads = pitch / 4;
    int quadsOfRow = roundedPitch / 4;
    int begin = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(begin + LaunchShapes.SPAN, rows * quadsOfRow);
    for (int index = begin; index < end; index += LaunchShapes.GROUP) {
      int row = index / quadsOfRow;
      int column = 4 * (index - row * quadsOfRow);
      // Keys and values of the heads, by turns.
      int vector = column / size;
      int last = 2 * heads - 1;
      int own = keyOrValue(Math.min(vector, last), row, rows, heads) * quads;
      int after = keyOrValue(Math.min(vector + 1, last), row, rows, heads) * quads;
      long four = ofTwo(x, own, after, 0, column - vector * size, size, quads);
      dkv.set(index, first(four, 2 * heads * size - column));
    }
  }

  /** Among the rows of all keys and then those of all values. */
  private static int keyOrValue(int vector, int row, int rows, int heads) {
    return ((vector & 1) * heads + (vector >> 1)) * rows + row;
  }

  /** Rows of a chunk of {@link #queries}, of so many rows in all: few, for many work groups. */
  public static int rowsPerChunk(int rows) {
    return Math.max(ROWS_OF_CHUNK, Math.ceilDiv(rows, MOST_CHUNKS));
  }

  /** Launch shape of {@link #queries}: 128 adjacent columns to a group. */
  public static WorkerGrid queryThreads(int roundedPitch, int chunks) {
    return LaunchShapes.columns(roundedPitch / 4, chunks);
  }

  /**
   * dq, the sum of gradients by content and by position, and the sums of each over each chunk of
   * rows. Launch shape: {@link #queryThreads}.
   *
   * @param content [H, rows, pitch], two parts to be added, and so is position
   * @param secondPart columns before the second part
   * @param rowsPerChunk rows of all chunks but the last
   * @param roundedPitch columns of dq, those beyond H*P 0
   * @param dq [rows, roundedPitch]
   * @param du sums of content, [chunks, H*P]
   * @param dv sums of position, [chunks, H*P]
   */
  public static void queries(
      KernelContext context,
      LongArray content,
      LongArray position,
      int rows,
      int heads,
      int size,
      int pitch,
      int secondPart,
      int rowsPerChunk,
      int roundedPitch,
      LongArray dq,
      FloatArray du,
      FloatArray dv) {
    int quads = pitch / 4;
    int quadsOfRow = roundedPitch / 4;
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int quad = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int column = 4 * quad;
    int h = column / size;
    int p = column - h * size;
    int own = Math.min(h, heads - 1) * rows;
    int next = Math.min(h + 1, heads - 1) * rows;
    int columns = heads * size;
    int begin = context.groupIdy * rowsPerChunk;
    int end = quad < quadsOfRow ? Math.min(begin + rowsPerChunk, rows) : 0;
    float content0 = 0f;
    float content1 = 0f;
    float content2 = 0f;
    float content3 = 0f;
    float position0 = 0f;
    float position1 = 0f;
    float position2 = 0f;
    float position3 = 0f;
    for (int row = begin + lane; row < end; row += LaunchShapes.ROW_LANES) {
      int at = (own + row) * quads;
      int after = (next + row) * quads;
      long c = ofTwo(content, at, after, 0, p, size, quads);
      long cNext = ofTwo(content, at, after, secondPart, p, size, quads);
      long r = ofTwo(position, at, after, 0, p, size, quads);
      long rNext = ofTwo(position, at, after, secondPart, p, size, quads);
      float byContent0 = Bf16Pairs.first((int) c) + Bf16Pairs.first((int) cNext);
      float byContent1 = Bf16Pairs.second((int) c) + Bf16Pairs.second((int) cNext);
      float byContent2 = Bf16Pairs.first((int) (c >> 32)) + Bf16Pairs.first((int) (cNext >> 32));
      float byContent3 = Bf16Pairs.second((int) (c >> 32)) + Bf16Pairs.second((int) (cNext >> 32));
      float byPosition0 = Bf16Pairs.first((int) r) + Bf16Pairs.first((int) rNext);
      float byPosition1 = Bf16Pairs.second((int) r) + Bf16Pairs.second((int) rNext);
      float byPosition2 = Bf16Pairs.first((int) (r >> 32)) + Bf16Pairs.first((int) (rNext >> 32));
      float byPosition3 = Bf16Pairs.second((int) (r >> 32)) + Bf16Pairs.second((int) (rNext >> 32));
      content0 += byContent0;
      content1 += byContent1;
      content2 += byContent2;
      content3 += byContent3;
      position0 += byPosition0;
      position1 += byPosition1;
      position2 += byPosition2;
      position3 += byPosition3;
      int low = Bf16Pairs.of(byContent0 + byPosition0, byContent1 + byPosition1);
      int high = Bf16Pairs.of(byContent2 + byPosition2, byContent3 + byPosition3);
      dq.set(row * quadsOfRow + quad, first(Quads.of(low, high), columns - column));
    }
    int to = context.groupIdy * columns + column;
    int left = lane == 0 ? columns - column : 0;
    setSum(context, content0, du, to, left);
    setSum(context, content1, du, to + 1, left - 1);
    setSum(context, content2, du, to + 2, left - 2);
    setSum(context, content3, du, to + 3, left - 3);
    setSum(context, position0, dv, to, left);
    setSum(context, position1, dv, to + 1, left - 1);
    setSum(context, position2, dv, to + 2, left - 2);
    setSum(context, position3, dv, to + 3, left - 3);
  }

  /** Sets the sum over a column's threads, if {@code left} is positive. */
  private static void setSum(
      KernelContext context, float value, FloatArray sums, int to, int left) {
    float sum = GroupReductions.sumAcross(context, value, LaunchShapes.COLUMNS);
    if (left > 0) {
      sums.set(to, sum);
    }
  }

  /**
   * Four elements of a vector from column p on, and of the vector that comes after it.
   *
   * @param own first quad of the vector's row
   * @param after that of the other's
   * @param start columns before both
   * @param quads of a row
   */
  private static long ofTwo(
      LongArray x, int own, int after, int start, int p, int size, int quads) {
    int inside = Math.min(p, size - LEAST_SIZE);
    long four = at(x, own, start + inside, quads);
    // A constant to the compiler: where it is false nothing is of two vectors.
    if (size % 4 != 0) {
      four = Quads.from(four, at(x, after, start, quads), p - inside);
    }
    return four;
  }

  /** Four elements of a row from a column on. */
  private static long at(LongArray x, int row, int column, int quads) {
    int quad = column / 4;
    long first = x.get(row + quad);
    long next = x.get(row + Math.min(quad + 1, quads - 1));
    return Quads.from(first, next, column % 4);
  }

  /** The first of four elements, and 0 for the others. */
  private static long first(long four, int count) {
    int low = count > 1 ? (int) four : (int) four & 0xFFFF;
    int high = count > 3 ? (int) (four >> 32) : (int) (four >> 32) & 0xFFFF;
    return Quads.of(count > 0 ? low : 0, count > 2 ? high : 0);
  }
}
