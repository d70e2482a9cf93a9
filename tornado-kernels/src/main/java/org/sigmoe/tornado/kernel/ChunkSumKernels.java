package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the sums of {@link GroupedOuterMmaKernels} add up to. f32. OpenCL and CUDA. */
public final class ChunkSumKernels {
  /** Elements of a total that a thread of {@link #sumChunks} has at once. */
  private static final int ELEMENTS = 4;

  /** Elements that a work group of {@link #sumChunks} has at once. */
  private static final int PART = LaunchShapes.GROUP * ELEMENTS;

  /**
   * Work groups of {@link #sumChunks} that there should be at least, where there are as many parts:
   * enough for sums of several chunks, and few to start for nothing where none are left to add up.
   */
  private static final int SUM_GROUPS = 1024;

  private ChunkSumKernels() {}

  /** Parts that a work group of {@link #sumChunks} takes. */
  static int sumSpan(int groups, int m, int n) {
    return Math.max(1, Math.multiplyExact(groups, partsOfGroup(m, n)) / SUM_GROUPS);
  }

  /** Work groups of {@link #sumChunks}. */
  static int sumGroups(int groups, int m, int n, int span) {
    return Math.multiplyExact(groups, Math.ceilDiv(partsOfGroup(m, n), span));
  }

  private static int partsOfGroup(int m, int n) {
    return Math.ceilDiv(Math.multiplyExact(m, n), PART);
  }

  /**
   * For each group the sum of its chunks' sums, in order; 0 for a group without rows. A work group
   * of {@value LaunchShapes#GROUP} threads for each {@code span} adjacent parts of each group, of
   * {@value #PART} elements.
   *
   * @param tiles of {@link GroupedOuterMmaKernels#byChunks}
   * @param pitchRows rows of a chunk's sums
   * @param pitch columns of a chunk's sums
   * @param direct 1 if the sums of groups with one chunk are in totals already
   * @param span of {@link #sumSpan}
   * @param totals [groups, m, n]
   */
  public static void sumChunks(
      KernelContext context,
      FloatArray tiles,
      IntArray offsets,
      int m,
      int n,
      int pitchRows,
      int pitch,
      int chunk,
      int direct,
      int span,
      FloatArray totals) {
    float[] own = new float[ELEMENTS];
    int elements = m * n;
    int spans = (elements + span * PART - 1) / (span * PART);
    int group = context.groupIdx / spans;
    int first = (context.groupIdx % spans) * (span * PART) + context.localIdx;
    int block = GroupSearch.firstBlock(offsets, group, chunk);
    int rows = offsets.get(group + 1) - offsets.get(group);
    int end = block + (rows + chunk - 1) / chunk;
    // So many chunks leave nothing to do.
    int only = direct == 1 ? 1 : -1;
    int last = end - block == only ? first : Math.min(first + span * PART, elements);
    for (int part = first; part < last; part += PART) {
      for (int i = 0; i < ELEMENTS; i++) {
        own[i] = 0f;
      }
      // All of a chunk's elements are loaded at once.
      for (int q = block; q < end; q++) {
        for (int i = 0; i < ELEMENTS; i++) {
          int element = Math.min(part + i * LaunchShapes.GROUP, elements - 1);
          int row = q * pitchRows + element / n;
          own[i] += tiles.get(row * pitch + element % n);
        }
      }
      for (int i = 0; i < ELEMENTS; i++) {
        int element = part + i * LaunchShapes.GROUP;
        if (element < elements) {
          totals.set(group * elements + element, own[i]);
        }
      }
    }
  }
}
