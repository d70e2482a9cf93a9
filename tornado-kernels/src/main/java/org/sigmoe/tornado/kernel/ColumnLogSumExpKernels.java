package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * log(sum of exp) down the columns of each of several equal, consecutive parts of the rows, in two
 * stages: of chunks of rows, then of the chunks. Everything stays a logarithm, so that a sum that
 * f32 cannot hold is no special case.
 *
 * <p>f32; the order of sums depends on shapes alone. OpenCL and CUDA.
 */
public final class ColumnLogSumExpKernels {
  /** Below every term, and finite: differences with it are no NaN. */
  private static final float LEAST = -Float.MAX_VALUE;

  /** Rows of a thread that are loaded at once. */
  private static final int LOADS = 16;

  /** Most chunks of a part: their results are one chunk of the second stage. */
  private static final int MOST_CHUNKS = 512;

  private ColumnLogSumExpKernels() {}

  /** Rows of a chunk, for parts of so many rows. */
  public static int rowsPerChunk(int rowsOfPart) {
    return Math.max(LOADS * LaunchShapes.ROW_LANES, Math.ceilDiv(rowsOfPart, MOST_CHUNKS));
  }

  /** The launch shape of {@link #ofChunks}. */
  public static WorkerGrid shape(int parts, int rowsOfPart, int rowsOfChunk, int columns) {
    return LaunchShapes.columns(columns, parts * Math.ceilDiv(rowsOfPart, rowsOfChunk));
  }

  /**
   * For each chunk of each part y = base + factor * log(sum over its rows of exp(x[row, column] +
   * sign * term[row])). Launch shape: {@link #shape}.
   *
   * @param x [parts * rowsOfPart, columns]
   * @param term [parts * rowsOfPart], added to a whole row; not read if {@code sign} is 0
   * @param sign what {@code term} is multiplied by, 1, -1 or 0
   * @param rowsOfChunk rows of a part's chunks, but of its last
   * @param y [parts, chunks, columns]
   */
  public static void ofChunks(
      KernelContext context,
      FloatArray x,
      FloatArray term,
      float sign,
      int rowsOfPart,
      int rowsOfChunk,
      int columns,
      float base,
      float factor,
      FloatArray y) {
    float[] maxima = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    float[] sums = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    float[] values = new float[LOADS];
    int chunks = (rowsOfPart + rowsOfChunk - 1) / rowsOfChunk;
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int columnHere = Math.min(column, columns - 1);
    int begin = context.groupIdy / chunks * rowsOfPart;
    int first = begin + context.groupIdy % chunks * rowsOfChunk;
    int end = Math.min(first + rowsOfChunk, begin + rowsOfPart);

    // One pass: a sum so far is scaled when a greater term comes.
    float max = LEAST;
    float sum = 0f;
    for (int start = first + lane; start < end; start += LOADS * LaunchShapes.ROW_LANES) {
      // Loads depend on nothing, so that all of them are on their way at once.
      for (int i = 0; i < LOADS; i++) {
        int row = Math.min(start + i * LaunchShapes.ROW_LANES, end - 1);
        values[i] = x.get(row * columns + columnHere);
        if (sign != 0f) {
          values[i] += sign * term.get(row);
        }
      }
      float most = max;
      for (int i = 0; i < LOADS; i++) {
        int row = start + i * LaunchShapes.ROW_LANES;
        values[i] = row < end ? values[i] : Float.NEGATIVE_INFINITY;
        most = TornadoMath.max(most, values[i]);
      }
      sum *= TornadoMath.exp(max - most);
      for (int i = 0; i < LOADS; i++) {
        sum += TornadoMath.exp(values[i] - most);
      }
      max = most;
    }
    // One barrier, and then a thread for each column: a tree would meet at eight.
    maxima[context.localIdx] = max;
    sums[context.localIdx] = sum;
    context.localBarrier();
    if (lane == 0 && column < columns) {
      float largest = max;
      for (int i = 1; i < LaunchShapes.ROW_LANES; i++) {
        largest = TornadoMath.max(largest, maxima[context.localIdx + i * LaunchShapes.COLUMNS]);
      }
      float total = 0f;
      for (int i = 0; i < LaunchShapes.ROW_LANES; i++) {
        int other = context.localIdx + i * LaunchShapes.COLUMNS;
        total += sums[other] * TornadoMath.exp(maxima[other] - largest);
      }
      y.set(
          context.groupIdy * columns + column, base + factor * (largest + TornadoMath.log(total)));
    }
  }
}
