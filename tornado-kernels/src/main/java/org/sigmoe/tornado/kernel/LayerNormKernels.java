package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Layer normalisation over rows (Ba et al. 2016): y = gain * (x - mean) * rstd + bias with rstd = 1
 * / sqrt(variance + epsilon), and its gradient.
 *
 * <p>x, y, dx, dy [rows, columns]; gain, bias [columns]; mean, rstd [rows]. f32. OpenCL and CUDA.
 */
public final class LayerNormKernels {
  /** Chunks that fill a large GPU. */
  private static final int CHUNKS = 512;

  private LayerNormKernels() {}

  /** Columns of each of the threads that share a row in {@link #gradient}. */
  public static int columnsOfLane(int columns) {
    return Math.ceilDiv(columns, gradientLanes(columns));
  }

  /**
   * Threads that share a row in {@link #gradient}: each column takes five registers, and with more
   * than seven of them not all chunks are on a GPU at once.
   */
  private static int gradientLanes(int columns) {
    return columns <= 224 ? 32 : columns <= 448 ? 64 : columns <= 896 ? 128 : LaunchShapes.GROUP;
  }

  /** Rows of a chunk of {@link #gradient}: whole rounds of the rows that a group has at once. */
  public static int rowsOfChunk(int rows, int columns) {
    int atOnce = LaunchShapes.GROUP / gradientLanes(columns);
    return Math.ceilDiv(Math.ceilDiv(rows, CHUNKS), atOnce) * atOnce;
  }

  /**
   * y, mean and rstd. The variance is that of centred elements: a row is read three times, of which
   * two come from the cache. Launch shape: {@link LaunchShapes#rows}.
   */
  public static void forward(
      KernelContext context,
      FloatArray x,
      FloatArray gain,
      FloatArray bias,
      int rows,
      int columns,
      float epsilon,
      FloatArray y,
      FloatArray mean,
      FloatArray rstd) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;

    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += x.get(at + c);
    }
    float average = GroupReductions.sum(context, sum, lanes) / columns;

    float squares = 0f;
    for (int c = lane; c < end; c += lanes) {
      float centred = x.get(at + c) - average;
      squares += centred * centred;
    }
    float variance = GroupReductions.sum(context, squares, lanes) / columns;
    float inverse = 1f / TornadoMath.sqrt(variance + epsilon);

    for (int c = lane; c < end; c += lanes) {
      float normed = (x.get(at + c) - average) * inverse;
      y.set(at + c, normed * gain.get(c) + bias.get(c));
    }
    if (lane == 0 && row < rows) {
      mean.set(row, average);
      rstd.set(row, inverse);
    }
  }

  /**
   * With h = (x - mean) * rstd and g = dy * gain: dx = rstd * (g - mean(g) - h * mean(g * h)); and
   * for each chunk of rows the sums of dy * h and of dy, whose sums over chunks ({@link
   * ReductionKernels#sumRows}) are the gradients of gain and bias. A thread keeps what it has of a
   * row in registers. dx may be dy. Launch shape: {@link LaunchShapes#groups(int)} of chunks.
   *
   * @param rowsOfChunk rows of all chunks but the last, of {@link #rowsOfChunk}
   * @param columnsOfLane of {@link #columnsOfLane}
   * @param dgains [chunks, columns]
   * @param dbiases [chunks, columns]
   */
  public static void gradient(
      KernelContext context,
      FloatArray dy,
      FloatArray x,
      FloatArray gain,
      FloatArray mean,
      FloatArray rstd,
      int rows,
      int columns,
      int rowsOfChunk,
      int columnsOfLane,
      FloatArray dx,
      FloatArray dgains,
      FloatArray dbiases) {
    float[] sumsG = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    float[] sumsGh = context.allocateFloatLocalArray(LaunchShapes.GROUP);
    float[] dgain = new float[columnsOfLane];
    float[] dbias = new float[columnsOfLane];
    float[] gains = new float[columnsOfLane];
    float[] gs = new float[columnsOfLane];
    float[] hs = new float[columnsOfLane];
    int lanes = gradientLanes(columns);
    int thread = context.localIdx;
    int lane = thread % lanes;
    int rowsAtOnce = LaunchShapes.GROUP / lanes;
    for (int i = 0; i < columnsOfLane; i++) {
      dgain[i] = 0f;
      dbias[i] = 0f;
      gains[i] = gain.get(Math.min(lane + i * lanes, columns - 1));
    }
    // All threads take part in all rounds, for the barriers: beyond the last row they have no
    // columns.
    for (int first = 0; first < rowsOfChunk; first += rowsAtOnce) {
      int row = context.groupIdx * rowsOfChunk + first + thread / lanes;
      int end = row < rows ? columns : 0;
      int safe = Math.min(row, rows - 1);
      int at = safe * columns;
      float average = mean.get(safe);
      float inverse = rstd.get(safe);
      float sumG = 0f;
      float sumGh = 0f;
      // Beyond the last column the last one again: loads depend on nothing, so that all are on
      // their
      // way at once.
      for (int i = 0; i < columnsOfLane; i++) {
        int c = Math.min(lane + i * lanes, columns - 1);
        gs[i] = dy.get(at + c);
        hs[i] = x.get(at + c);
      }
      for (int i = 0; i < columnsOfLane; i++) {
        float gradient = lane + i * lanes < end ? gs[i] : 0f;
        float h = (hs[i] - average) * inverse;
        float g = gradient * gains[i];
        sumG += g;
        sumGh += g * h;
        dgain[i] += gradient * h;
        dbias[i] += gradient;
        gs[i] = g;
        hs[i] = h;
      }
      sumsG[thread] = sumG;
      sumsGh[thread] = sumGh;
      for (int step = lanes / 2; step > 0; step /= 2) {
        context.localBarrier();
        if (lane < step) {
          sumsG[thread] += sumsG[thread + step];
          sumsGh[thread] += sumsGh[thread + step];
        }
      }
      context.localBarrier();
      float meanG = sumsG[thread - lane] / columns;
      float meanGh = sumsGh[thread - lane] / columns;
      context.localBarrier();
      for (int i = 0; i < columnsOfLane; i++) {
        int c = lane + i * lanes;
        if (c < end) {
          dx.set(at + c, (gs[i] - meanG - hs[i] * meanGh) * inverse);
        }
      }
    }
    for (int i = 0; i < columnsOfLane; i++) {
      int c = lane + i * lanes;
      sumsG[thread] = dgain[i];
      sumsGh[thread] = dbias[i];
      context.localBarrier();
      if (thread < lanes && c < columns) {
        float gainSum = 0f;
        float biasSum = 0f;
        for (int other = thread; other < LaunchShapes.GROUP; other += lanes) {
          gainSum += sumsG[other];
          biasSum += sumsGh[other];
        }
        dgains.set(context.groupIdx * columns + c, gainSum);
        dbiases.set(context.groupIdx * columns + c, biasSum);
      }
      context.localBarrier();
    }
  }
}
