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
  private LayerNormKernels() {}

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
   * With h = (x - mean) * rstd and g = dy * gain: dx = rstd * (g - mean(g) - h * mean(g * h)). dx
   * may be dy. Launch shape: {@link LaunchShapes#rows}.
   */
  public static void inputGradient(
      KernelContext context,
      FloatArray dy,
      FloatArray x,
      FloatArray gain,
      FloatArray mean,
      FloatArray rstd,
      int rows,
      int columns,
      FloatArray dx) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int end = row < rows ? columns : 0;
    float average = 0f;
    float inverse = 0f;
    if (row < rows) {
      average = mean.get(row);
      inverse = rstd.get(row);
    }

    float sumG = 0f;
    float sumGh = 0f;
    for (int c = lane; c < end; c += lanes) {
      float g = dy.get(at + c) * gain.get(c);
      sumG += g;
      sumGh += g * ((x.get(at + c) - average) * inverse);
    }
    float meanG = GroupReductions.sum(context, sumG, lanes) / columns;
    float meanGh = GroupReductions.sum(context, sumGh, lanes) / columns;

    for (int c = lane; c < end; c += lanes) {
      float g = dy.get(at + c) * gain.get(c);
      float h = (x.get(at + c) - average) * inverse;
      dx.set(at + c, (g - meanG - h * meanGh) * inverse);
    }
  }

  /**
   * For each chunk of rows the sums of dy * h and of dy, whose sums over chunks ({@link
   * ReductionKernels#sumRows}) are the gradients of gain and bias. Launch shape: {@link
   * LaunchShapes#columns}.
   *
   * @param rowsPerChunk rows of all chunks but the last
   * @param dgains [chunks, columns]
   * @param dbiases [chunks, columns]
   */
  public static void parameterGradients(
      KernelContext context,
      FloatArray dy,
      FloatArray x,
      FloatArray mean,
      FloatArray rstd,
      int rows,
      int columns,
      int rowsPerChunk,
      FloatArray dgains,
      FloatArray dbiases) {
    int lane = context.localIdx / LaunchShapes.COLUMNS;
    int column = context.groupIdx * LaunchShapes.COLUMNS + context.localIdx % LaunchShapes.COLUMNS;
    int first = context.groupIdy * rowsPerChunk;
    int end = column < columns ? Math.min(first + rowsPerChunk, rows) : 0;
    float dgain = 0f;
    float dbias = 0f;
    for (int row = first + lane; row < end; row += LaunchShapes.ROW_LANES) {
      int at = row * columns + column;
      float gradient = dy.get(at);
      dgain += gradient * ((x.get(at) - mean.get(row)) * rstd.get(row));
      dbias += gradient;
    }
    float gainSum = GroupReductions.sumAcross(context, dgain, LaunchShapes.COLUMNS);
    float biasSum = GroupReductions.sumAcross(context, dbias, LaunchShapes.COLUMNS);
    if (lane == 0 && column < columns) {
      dgains.set(context.groupIdy * columns + column, gainSum);
      dbiases.set(context.groupIdy * columns + column, biasSum);
    }
  }
}
