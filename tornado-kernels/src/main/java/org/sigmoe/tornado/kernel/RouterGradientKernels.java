package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The gradient of a router's logits in one pass: what {@link BalanceKernels#logMeanSoftmaxGradient}
 * and then {@link ColumnKernels#addActivationGradient} compute. OpenCL and CUDA.
 */
public final class RouterGradientKernels {
  /** Most columns: those of a work group's rows take 16 KB of local memory. */
  static final int MOST_COLUMNS = 4096;

  /** Most chosen columns of a row: of the threads that share it none has more than one. */
  static final int MOST_CHOSEN = 16;

  private RouterGradientKernels() {}

  /** Whether {@link #gradient} serves rows of so many columns. */
  public static boolean fits(int columns, int chosen) {
    return columns <= MOST_COLUMNS && chosen <= MOST_CHOSEN;
  }

  /** Pairs of columns of each of the threads that share a row. */
  public static int pairsOfLane(int columns) {
    return Math.ceilDiv(RoundingKernels.pitch(columns) / 2, LaunchShapes.lanes(columns));
  }

  /**
   * dx = (r - q * sum over the row of r) / rows + dchosen f'(f(x)), with q and r as in {@link
   * BalanceKernels#logMeanSoftmaxGradient} and f the activation; the second summand where a column
   * was chosen. It is written rounded if {@code rounded} is 1, else in the place of x. Launch
   * shape: {@link LaunchShapes#rows}.
   *
   * @param dlogp [columns]
   * @param x [rows, columns]; dx unless that is rounded; at most {@value #MOST_COLUMNS} columns
   * @param logp [columns]
   * @param lse [rows], log(sum of exp(x)) of each row
   * @param dchosen [rows, k], gradients of f(x) at the chosen columns
   * @param indices i32[rows, k], in each row distinct
   * @param k at most {@value #MOST_CHOSEN}
   * @param pairsOfLane of {@link #pairsOfLane}
   * @param activation number of f in {@link ActivationFunctions}
   * @param pitch of {@link RoundingKernels#pitch}
   * @param byWarps 1 if a warp has a row ({@link LaunchShapes#isOfWarps}), on CUDA: it sums up
   *     without barriers
   * @param pairs dx [rows, pitch] as {@link Bf16Pairs}, the columns that x lacks 0; not written
   *     unless {@code rounded} is 1
   */
  public static void gradient(
      KernelContext context,
      FloatArray dlogp,
      FloatArray x,
      FloatArray logp,
      FloatArray lse,
      FloatArray dchosen,
      IntArray indices,
      int rows,
      int columns,
      int k,
      int pairsOfLane,
      int activation,
      int rounded,
      int pitch,
      int byWarps,
      IntArray pairs) {
    float[] ofChosen = context.allocateFloatLocalArray(2 * LaunchShapes.GROUP * pairsOfLane);
    int lanes = LaunchShapes.lanes(columns);
    int lane = context.localIdx % lanes;
    int firstOfRow = 2 * (context.localIdx - lane) * pairsOfLane;
    int row = context.groupIdx * (LaunchShapes.GROUP / lanes) + context.localIdx / lanes;
    // Rows and columns beyond the last are read from the last: loads depend on nothing, so that
    // all of a thread's are on their way at once.
    int from = Math.min(row, rows - 1);
    int at = from * columns;
    float logSum = lse.get(from);

    // A chosen column of each of the first threads, and what reads of it give.
    int chosen = from * k + Math.min(lane, k - 1);
    int index = indices.get(chosen);
    float dy = dchosen.get(chosen);
    float logit = x.get(at + index);

    float[] q = new float[2 * pairsOfLane];
    float[] r = new float[2 * pairsOfLane];
    float[] ofColumns = new float[2 * pairsOfLane];
    for (int i = 0; i < 2 * pairsOfLane; i++) {
      int column = Math.min(column(lane, i, lanes, rounded), columns - 1);
      q[i] = x.get(at + column);
      r[i] = dlogp.get(column);
      ofColumns[i] = logp.get(column);
      ofChosen[firstOfRow + column(lane, i, lanes, rounded)] = 0f;
    }
    context.localBarrier();
    if (lane < k) {
      float y = ActivationFunctions.value(activation, logit);
      ofChosen[firstOfRow + index] = ActivationFunctions.gradient(activation, dy, y);
    }
    float sum = 0f;
    for (int i = 0; i < 2 * pairsOfLane; i++) {
      float logq = q[i] - logSum;
      float product = r[i] * BalanceKernels.share(logq, ofColumns[i]);
      r[i] = column(lane, i, lanes, rounded) < columns ? product : 0f;
      q[i] = TornadoMath.exp(logq);
      sum += r[i];
    }
    // What is in local memory is there for all lanes when barriers have passed.
    float total = 0f;
    if (byWarps == 1) {
      context.localBarrier();
      total = context.simdSum(sum);
    } else {
      total = GroupReductions.sum(context, sum, lanes);
    }
    float scale = 1f / rows;
    for (int i = 0; i < 2 * pairsOfLane; i++) {
      r[i] = ofChosen[firstOfRow + column(lane, i, lanes, rounded)] + scale * (r[i] - q[i] * total);
    }
    if (rounded == 1) {
      for (int i = 0; i < pairsOfLane; i++) {
        int c = column(lane, 2 * i, lanes, rounded);
        float first = c < columns ? r[2 * i] : 0f;
        float second = c + 1 < columns ? r[2 * i + 1] : 0f;
        if (row < rows && c < pitch) {
          pairs.set((row * pitch + c) / 2, Bf16Pairs.of(first, second));
        }
      }
    } else {
      for (int i = 0; i < 2 * pairsOfLane; i++) {
        int c = column(lane, i, lanes, rounded);
        if (row < rows && c < columns) {
          x.set(at + c, r[i]);
        }
      }
    }
  }

  /** Of element i of a thread; adjacent threads have adjacent columns, or pairs of them. */
  private static int column(int lane, int i, int lanes, int rounded) {
    return rounded == 1 ? 2 * (lane + i / 2 * lanes) + i % 2 : lane + i * lanes;
  }
}
