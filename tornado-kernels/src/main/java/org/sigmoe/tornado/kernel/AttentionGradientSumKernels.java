package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What comes before and after {@link RelativeAttentionGradientKernels}: sums over a row and over
 * the batch. f32; every sum in a fixed order. Right on OpenCL and CUDA.
 */
public final class AttentionGradientSumKernels {
  /** Sums that {@link #sumParts} keeps apart to have as many loads under way. */
  private static final int LANES = 16;

  private AttentionGradientSumKernels() {}

  /** What the gradient needs of each query: terms [B, H, T, 2], lse and D = dy . y. */
  public static void queryTerms(
      FloatArray y,
      FloatArray lse,
      FloatArray dy,
      FloatArray terms,
      int batch,
      int queries,
      int heads,
      int size) {
    for (@Parallel int index = 0; index < batch * heads * queries; index++) {
      int i = index % queries;
      int head = index / queries;
      int row = ((head / heads * queries + i) * heads + head % heads) * size;
      float sum = 0f;
      for (int p = 0; p < size; p++) {
        sum += y.get(row + p) * dy.get(row + p);
      }
      terms.set(2 * index, lse.get(index));
      terms.set(2 * index + 1, sum);
    }
  }

  /**
   * Sums over batch rows what the gradient leaves for each, and dscale over heads also.
   *
   * @param parts [B, (S + 2)*H*P + H], for each batch row its dr, du, dv and a dscale for each head
   */
  public static void sumParts(
      FloatArray parts,
      FloatArray dr,
      FloatArray du,
      FloatArray dv,
      FloatArray dscale,
      int batch,
      int keys,
      int heads,
      int size) {
    for (@Parallel int index = 0; index < (keys + 2) * heads * size + 1; index++) {
      int width = heads * size;
      int pitch = (keys + 2) * width + heads;
      // The longest sum comes first.
      int element = index - 1;
      float sum = 0f;
      if (element < 0) {
        float[] sums = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] = 0f;
        }
        int count = batch * heads;
        for (int first = 0; first < count; first += LANES) {
          for (int lane = 0; lane < LANES; lane++) {
            int head = Math.min(first + lane, count - 1);
            float part = parts.get(head / heads * pitch + (keys + 2) * width + head % heads);
            sums[lane] += first + lane < count ? part : 0f;
          }
        }
        for (int lane = 0; lane < LANES; lane++) {
          sum += sums[lane];
        }
        dscale.set(0, sum);
      } else if (element < 2 * width) {
        for (int b = 0; b < batch; b++) {
          sum += parts.get(b * pitch + keys * width + element);
        }
        if (element < width) {
          du.set(element, sum);
        } else {
          dv.set(element - width, sum);
        }
      } else {
        int position = element - 2 * width;
        for (int b = 0; b < batch; b++) {
          sum += parts.get(b * pitch + position);
        }
        dr.set(position, sum);
      }
    }
  }
}
