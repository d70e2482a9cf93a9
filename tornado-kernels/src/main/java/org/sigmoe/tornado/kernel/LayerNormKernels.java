package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Layer normalisation over rows (Ba et al. 2016): y = gain * (x - mean) * rstd + bias with rstd = 1
 * / sqrt(variance + epsilon), and its gradient.
 *
 * <p>x, y, dx, dy [rows, columns]; gain, bias [columns]; mean, rstd [rows]. f32. OpenCL and CUDA.
 */
public final class LayerNormKernels {
  /** What {@link #gradient} writes as dx: nothing. */
  public static final int NOTHING = 0;

  /** What {@link #gradient} writes as dx: the gradient. */
  public static final int GRADIENT = 1;

  /** What {@link #gradient} writes as dx: the sum of the gradient and an addend. */
  public static final int SUM = 2;

  /** What {@link #gradient} writes as dx: the sum of the gradient and what is there. */
  public static final int SUM_IN_PLACE = 3;

  /** Chunks that fill a large GPU. */
  private static final int CHUNKS = 512;

  private LayerNormKernels() {}

  /** Columns of each of the threads that share a row in {@link #gradient}. */
  public static int columnsOfLane(int columns) {
    return Math.ceilDiv(columns, gradientLanes(columns));
  }

  /**
   * Threads that share a row in {@link #gradient}: each column takes five registers, and with more
   * than four of them not all chunks are on a GPU at once.
   */
  private static int gradientLanes(int columns) {
    return columns <= 128 ? 32 : columns <= 256 ? 64 : columns <= 512 ? 128 : LaunchShapes.GROUP;
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

  /** Pairs of columns of each of the threads that share a row in {@link #forwardRounded}. */
  public static int pairsOfLane(int columns) {
    return Math.ceilDiv(RoundingKernels.pitch(columns) / 2, LaunchShapes.lanes(columns));
  }

  /**
   * As {@link #forward}, y rounded to bf16: to a copy of its own, to where its rows belong among
   * those of another tensor, or to both. A thread keeps what it has of a row in registers. Launch
   * shape: {@link LaunchShapes#rows}.
   *
   * @param pitch of {@link RoundingKernels#pitch}, columns of what is written
   * @param pairsOfLane of {@link #pairsOfLane}
   * @param copied 1, or 0 for no copy
   * @param copy [rows, pitch] as {@link Bf16Pairs}, columns that x lacks 0
   * @param time rows of a batch row of x
   * @param wholeTime rows of a batch row of whole, 0 for no whole
   * @param firstRow first of them that is written
   * @param whole [rows / time, wholeTime, pitch], as copy
   */
  public static void forwardRounded(
      KernelContext context,
      FloatArray x,
      FloatArray gain,
      FloatArray bias,
      int rows,
      int columns,
      float epsilon,
      int pitch,
      int pairsOfLane,
      int copied,
      IntArray copy,
      int time,
      int wholeTime,
      int firstRow,
      IntArray whole,
      FloatArray mean,
      FloatArray rstd) {
    float[] firsts = new float[pairsOfLane];
    float[] seconds = new float[pairsOfLane];
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = Math.min(row, rows - 1) * columns;
    // Beyond the last column the last one: all loads are on their way at once.
    for (int i = 0; i < pairsOfLane; i++) {
      int c = 2 * (lane + i * lanes);
      firsts[i] = x.get(at + Math.min(c, columns - 1));
      seconds[i] = x.get(at + Math.min(c + 1, columns - 1));
    }
    float sum = 0f;
    for (int i = 0; i < pairsOfLane; i++) {
      int c = 2 * (lane + i * lanes);
      sum += c < columns ? firsts[i] : 0f;
      sum += c + 1 < columns ? seconds[i] : 0f;
    }
    float average = GroupReductions.sum(context, sum, lanes) / columns;

    float squares = 0f;
    for (int i = 0; i < pairsOfLane; i++) {
      int c = 2 * (lane + i * lanes);
      float first = c < columns ? firsts[i] - average : 0f;
      float second = c + 1 < columns ? seconds[i] - average : 0f;
      squares += first * first + second * second;
    }
    float variance = GroupReductions.sum(context, squares, lanes) / columns;
    float inverse = 1f / TornadoMath.sqrt(variance + epsilon);

    int pairsOfRow = pitch / 2;
    int wholeRow = row / time * wholeTime + firstRow + row % time;
    int end = row < rows ? pairsOfRow : 0;
    for (int i = 0; i < pairsOfLane; i++) {
      int pair = lane + i * lanes;
      int c = Math.min(2 * pair, columns - 1);
      int next = Math.min(2 * pair + 1, columns - 1);
      float first = (firsts[i] - average) * inverse * gain.get(c) + bias.get(c);
      float second = (seconds[i] - average) * inverse * gain.get(next) + bias.get(next);
      first = 2 * pair < columns ? first : 0f;
      second = 2 * pair + 1 < columns ? second : 0f;
      int rounded = Bf16Pairs.of(first, second);
      if (pair < end) {
        if (copied == 1) {
          copy.set(row * pairsOfRow + pair, rounded);
        }
        if (wholeTime > 0) {
          whole.set(wholeRow * pairsOfRow + pair, rounded);
        }
      }
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
   * @param pitch elements from one row of dy to the next
   * @param time rows of a batch row of dy, whose rows are among those of another tensor
   * @param wholeTime rows of a batch row of that
   * @param firstRow of them; with 1, 1 and 0 dy is [rows, pitch]
   * @param wanted what becomes of dx: {@link #NOTHING}, {@link #GRADIENT}, {@link #SUM} or {@link
   *     #SUM_IN_PLACE}
   * @param addend [rows, columns]; only read for {@link #SUM}
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
      int pitch,
      int time,
      int wholeTime,
      int firstRow,
      int wanted,
      FloatArray addend,
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
      int atDy = (safe + safe / time * (wholeTime - time) + firstRow) * pitch;
      float average = mean.get(safe);
      float inverse = rstd.get(safe);
      float sumG = 0f;
      float sumGh = 0f;
      // Beyond the last column the last one again: loads depend on nothing, so that all are on
      // their way at once.
      for (int i = 0; i < columnsOfLane; i++) {
        int c = Math.min(lane + i * lanes, columns - 1);
        gs[i] = dy.get(atDy + c);
        hs[i] = x.get(at + c);
      }
      for (int i = 0; i < columnsOfLane; i++) {
        int c = lane + i * lanes;
        float gradient = c < end ? gs[i] : 0f;
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
        gs[i] = (gs[i] - meanG - hs[i] * meanGh) * inverse;
      }
      if (wanted == SUM) {
        for (int i = 0; i < columnsOfLane; i++) {
          gs[i] += addend.get(at + Math.min(lane + i * lanes, columns - 1));
        }
      }
      if (wanted == SUM_IN_PLACE) {
        for (int i = 0; i < columnsOfLane; i++) {
          gs[i] += dx.get(at + Math.min(lane + i * lanes, columns - 1));
        }
      }
      int endOfStores = wanted == NOTHING ? 0 : end;
      for (int i = 0; i < columnsOfLane; i++) {
        int c = lane + i * lanes;
        if (c < endOfStores) {
          dx.set(at + c, gs[i]);
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
