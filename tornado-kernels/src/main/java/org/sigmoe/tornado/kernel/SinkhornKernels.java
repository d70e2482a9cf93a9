package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Sinkhorn normalisation of logarithms: rows and columns of x, in turn, by a term each until both
 * have their sums (Sinkhorn 1964). {@link #rowTerms} is one half of an iteration, {@link
 * ColumnLogSumExpKernels} the other, and {@link #sum} the result. Rows come in equal, consecutive
 * parts that are normalised apart.
 *
 * <p>x, y [parts * rowsOfPart, columns]; rowTerm [parts * rowsOfPart]; columnTerm [parts, columns].
 * f32. OpenCL and CUDA.
 */
public final class SinkhornKernels {
  /** Below every term, and finite: differences with it are no NaN. */
  private static final float LEAST = -Float.MAX_VALUE;

  private SinkhornKernels() {}

  /**
   * rowTerm = logSum - log(sum over the row of exp(x + sign * columnTerm)). Launch shape: {@link
   * LaunchShapes#rows}.
   *
   * @param sign what {@code columnTerm} is multiplied by; 0 in the first iteration, in which there
   *     are no terms yet
   * @param logSum logarithm of what a row shall sum to
   */
  public static void rowTerms(
      KernelContext context,
      FloatArray x,
      FloatArray columnTerm,
      float sign,
      float logSum,
      int rows,
      int rowsOfPart,
      int columns,
      FloatArray rowTerm) {
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    int at = row * columns;
    int terms = row / rowsOfPart * columns;
    int end = row < rows ? columns : 0;

    float max = LEAST;
    for (int c = lane; c < end; c += lanes) {
      max = TornadoMath.max(max, moved(x.get(at + c), columnTerm, terms + c, sign));
    }
    float largest = GroupReductions.max(context, max, lanes);
    float sum = 0f;
    for (int c = lane; c < end; c += lanes) {
      sum += TornadoMath.exp(moved(x.get(at + c), columnTerm, terms + c, sign) - largest);
    }
    float total = GroupReductions.sum(context, sum, lanes);
    if (lane == 0 && row < rows) {
      rowTerm.set(row, logSum - (largest + TornadoMath.log(total)));
    }
  }

  /** x with its column's term, which is not read where there is none. */
  private static float moved(float x, FloatArray columnTerm, int index, float sign) {
    float term = 0f;
    if (sign != 0f) {
      term = sign * columnTerm.get(index);
    }
    return x + term;
  }

  /** y = x + rowTerm + columnTerm. y may be x. Launch shape: {@link LaunchShapes#elements} of x. */
  public static void sum(
      KernelContext context,
      FloatArray x,
      FloatArray rowTerm,
      FloatArray columnTerm,
      int elements,
      int rowsOfPart,
      int columns,
      FloatArray y) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, elements);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / columns;
      float column = columnTerm.get(row / rowsOfPart * columns + i % columns);
      y.set(i, x.get(i) + (rowTerm.get(row) + column));
    }
  }
}
