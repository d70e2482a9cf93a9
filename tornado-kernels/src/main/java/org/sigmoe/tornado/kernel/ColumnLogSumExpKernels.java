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

  private ColumnLogSumExpKernels() {}

  /** Rows of a chunk, for parts of so many rows. */
  public static int rowsPerChunk(int rowsOfPart) {
    return ReductionKernels.rowsPerChunk(rowsOfPart);
  }

  /** The launch shape of {@link #ofChunks}. */
  public static WorkerGrid chunkShape(int parts, int rowsOfPart, int columns) {
    int chunks = Math.ceilDiv(rowsOfPart, rowsPerChunk(rowsOfPart));
    return LaunchShapes.columns(columns, parts * chunks);
  }

  /**
   * For each chunk of each part log(sum over its rows of exp(x[row, column] + sign * term[row])).
   * Launch shape: {@link #chunkShape}.
   *
   * @param x [parts * rowsOfPart, columns]
   * @param term [parts * rowsOfPart], added to a whole row
   * @param sign what {@code term} is multiplied by, 1 or -1
   * @param sums [parts, chunks, columns]
   */
  public static void ofChunks(
      KernelContext context,
      FloatArray x,
      FloatArray term,
      float sign,
      int rowsOfPart,
      int columns,
      FloatArray sums) {
    int rowsOfChunk = ReductionKernels.rowsPerChunk(rowsOfPart);
    int chunks = (rowsOfPart + rowsOfChunk - 1) / rowsOfChunk;
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int begin = context.groupIdy / chunks * rowsOfPart;
    int first = begin + context.groupIdy % chunks * rowsOfChunk;
    int end = column < columns ? Math.min(first + rowsOfChunk, begin + rowsOfPart) : 0;

    float max = LEAST;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      max = TornadoMath.max(max, x.get(row * columns + column) + sign * term.get(row));
    }
    float largest = GroupReductions.maxAcross(context, max, LaunchShapes.COLUMNS);
    float sum = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      float value = x.get(row * columns + column) + sign * term.get(row);
      sum += TornadoMath.exp(value - largest);
    }
    float total = GroupReductions.sumAcross(context, sum, LaunchShapes.COLUMNS);
    if (lane == 0 && column < columns) {
      sums.set(context.groupIdy * columns + column, largest + TornadoMath.log(total));
    }
  }

  /**
   * y = base + sign * log(sum over chunks of exp(sums)). Launch shape: {@link
   * LaunchShapes#elements} of y.
   *
   * @param sums [parts, chunks, columns], of {@link #ofChunks}
   * @param y [parts, columns]
   */
  public static void ofParts(
      KernelContext context,
      FloatArray sums,
      int parts,
      int chunks,
      int columns,
      float base,
      float sign,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, parts * columns);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int at = i / columns * chunks * columns + i % columns;
      float max = LEAST;
      for (int chunk = 0; chunk < chunks; chunk++) {
        max = TornadoMath.max(max, sums.get(at + chunk * columns));
      }
      float sum = 0f;
      for (int chunk = 0; chunk < chunks; chunk++) {
        sum += TornadoMath.exp(sums.get(at + chunk * columns) - max);
      }
      y.set(i, base + sign * (max + TornadoMath.log(sum)));
    }
  }
}
