package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** What the slots of a token add up to, from products in bf16. Right on OpenCL and CUDA. */
public final class SlotSumKernels {
  private static final int GROUP = LaunchShapes.GROUP;

  /** From the sums of one column of quads to those of the next: reads then meet all banks. */
  private static final int STRIDE = GROUP + 8;

  /** What {@link #combine} adds to its sums. */
  static final int NOTHING = 0;

  static final int ADDEND = 1;
  static final int RESULT = 2;

  private SlotSumKernels() {}

  /** Launch shape of {@link #combine}: a thread for each four columns of a token. */
  static WorkerGrid threads(int tokens, int columns) {
    int quads = Math.multiplyExact(tokens, quadsOfRow(columns));
    return LaunchShapes.groups(Math.ceilDiv(quads, GROUP));
  }

  private static int quadsOfRow(int columns) {
    return (columns + 3) / 4;
  }

  /**
   * y[t] = addend[t] + (rows[t] + sum over k of w[t, k] products[places[t, k]]), k ascending.
   * Launch shape: {@link #threads}.
   *
   * @param products bf16[padded rows, pitch]
   * @param places i32[tokens, slots] of {@link PaddedRowKernels#layOut}
   * @param weights w [tokens, slots]; not read if {@code weighted} is 0, as if all were 1
   * @param rows bf16[tokens, pitchOfRows]; not read if {@code pitchOfRows} is 0, as if all were 0
   * @param addend [tokens, columns]; not read unless {@code added} is {@link #ADDEND}
   * @param pitch a multiple of 4
   * @param pitchOfRows a multiple of 4
   * @param added {@link #NOTHING}, {@link #ADDEND}, or {@link #RESULT}: what is in y
   * @param y [tokens, columns]
   */
  public static void combine(
      KernelContext context,
      LongArray products,
      IntArray places,
      FloatArray weights,
      LongArray rows,
      FloatArray addend,
      int tokens,
      int columns,
      int pitch,
      int pitchOfRows,
      int slots,
      int weighted,
      int added,
      FloatArray y) {
    // A thread reads adjacent columns; threads write them.
    float[] sums = context.allocateFloatLocalArray(4 * STRIDE);
    float[] addends = new float[4];
    int thread = context.localIdx;
    int quadsOfRow = quadsOfRow(columns);
    int quads = tokens * quadsOfRow;
    int firstQuad = context.groupIdx * GROUP;
    int quad = firstQuad + thread;
    // On their way while products are read.
    for (int i = 0; i < 4; i++) {
      int at = Math.min(element(firstQuad, i * GROUP + thread, columns), tokens * columns - 1);
      addends[i] = 0f;
      if (added == ADDEND) {
        addends[i] = addend.get(at);
      }
      if (added == RESULT) {
        addends[i] = y.get(at);
      }
    }
    if (quad < quads) {
      int token = quad / quadsOfRow;
      int column = quad - token * quadsOfRow;
      float first = 0f;
      float second = 0f;
      float third = 0f;
      float fourth = 0f;
      if (pitchOfRows > 0) {
        long row = rows.get(token * (pitchOfRows / 4) + column);
        first = Bf16Pairs.first((int) row);
        second = Bf16Pairs.second((int) row);
        third = Bf16Pairs.first((int) (row >> 32));
        fourth = Bf16Pairs.second((int) (row >> 32));
      }
      for (int slot = token * slots; slot < (token + 1) * slots; slot++) {
        long product = products.get(places.get(slot) * (pitch / 4) + column);
        float weight = 1f;
        if (weighted == 1) {
          weight = weights.get(slot);
        }
        first += weight * Bf16Pairs.first((int) product);
        second += weight * Bf16Pairs.second((int) product);
        third += weight * Bf16Pairs.first((int) (product >> 32));
        fourth += weight * Bf16Pairs.second((int) (product >> 32));
      }
      sums[thread] = first;
      sums[STRIDE + thread] = second;
      sums[2 * STRIDE + thread] = third;
      sums[3 * STRIDE + thread] = fourth;
    }
    context.localBarrier();
    for (int i = 0; i < 4; i++) {
      int past = i * GROUP + thread;
      int at = element(firstQuad, past, columns);
      if (at < tokens * columns && isColumn(firstQuad, past, columns)) {
        float sum = sums[thread % 4 * STRIDE + past / 4];
        y.set(at, added == NOTHING ? sum : sum + addends[i]);
      }
    }
  }

  /** The element of y that lies so many elements of quads behind the beginning of a quad. */
  private static int element(int quad, int past, int columns) {
    if (columns % 4 == 0) {
      return 4 * quad + past;
    }
    int from = quad + past / 4;
    int token = from / quadsOfRow(columns);
    return token * columns + 4 * (from - token * quadsOfRow(columns)) + past % 4;
  }

  /** Whether that is one, and not behind its row. */
  private static boolean isColumn(int quad, int past, int columns) {
    return columns % 4 == 0 || 4 * ((quad + past / 4) % quadsOfRow(columns)) + past % 4 < columns;
  }
}
