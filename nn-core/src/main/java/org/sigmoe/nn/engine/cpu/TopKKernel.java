package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ALL;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link org.sigmoe.nn.graph.op.TopK}: row by row. In a row of one vector, columns are put where
 * the number of those before them says, without branches. For few of many, whole vectors are
 * compared with the least score that is held, which most do not pass; for many, the row is sorted.
 */
final class TopKKernel implements Kernel {
  /** Up to here keys are kept in order by insertion. */
  private static final int FEW = 32;

  private final int columns;
  private final int k;
  private final long scores;
  private final long indices;
  private final long[][] keys;
  private final Split split;

  TopKKernel(int threads, int rows, int columns, int k, long scores, long indices) {
    this.columns = columns;
    this.k = k;
    this.scores = scores;
    this.indices = indices;
    this.keys = new long[threads][columns <= Lanes.COUNT || k > FEW ? columns : k];
    this.split = Split.of(rows, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long[] held = keys[worker];
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long from = scores + 4L * row * columns;
      long to = indices + 4L * row * k;
      if (columns <= Lanes.COUNT) {
        rank(from, held);
      } else if (k <= FEW) {
        select(from, held);
      } else {
        sort(from, held);
      }
      for (int i = 0; i < k; i++) {
        ALL.set(ValueLayout.JAVA_INT, to + 4L * i, RowKeys.index(held[held.length - 1 - i]));
      }
    }
  }

  /** Sorts keys by counting for each those that it is larger than. */
  private void rank(long row, long[] held) {
    FloatVector scores = Lanes.load(row, columns, Lanes.rest(columns));
    IntVector ranks = RowKeys.ranks(scores);
    long all = -1L >>> Long.SIZE - columns;
    for (int c = 0; c < columns; c++) {
      int rank = RowKeys.rank(getFloat(row + 4L * c));
      long less = ranks.compare(VectorOperators.LT, rank).toLong();
      long equal = ranks.compare(VectorOperators.EQ, rank).toLong();
      long later = -2L << c;
      held[Long.bitCount((less | equal & later) & all)] = RowKeys.of(rank, c);
    }
  }

  private void sort(long row, long[] held) {
    for (int c = 0; c < columns; c++) {
      held[c] = RowKeys.of(getFloat(row + 4L * c), c);
    }
    Arrays.sort(held);
  }

  /** Leaves the k largest keys, ascending. */
  private void select(long row, long[] held) {
    Arrays.fill(held, RowKeys.LEAST);
    for (int c = 0; c < k; c++) {
      insert(RowKeys.of(getFloat(row + 4L * c), c), held);
    }
    VectorMask<Float> rest = Lanes.rest(columns - k);
    for (int c = k; c < columns; c += Lanes.COUNT) {
      int left = columns - c;
      float least = getFloat(row + 4L * RowKeys.index(held[0]));
      long passing = passing(row + 4L * c, least, left, rest);
      while (passing != 0) {
        int index = c + Long.numberOfTrailingZeros(passing);
        insert(RowKeys.of(getFloat(row + 4L * index), index), held);
        passing &= passing - 1;
      }
    }
  }

  /**
   * Lanes that are not at most {@code least}: all that rank higher, as those with an equal score
   * have higher indices, and NaN.
   */
  private static long passing(long at, float least, int left, VectorMask<Float> rest) {
    long held = Lanes.load(at, left, rest).compare(VectorOperators.LE, least).toLong();
    return ~held & -1L >>> (Long.SIZE - Math.min(left, Lanes.COUNT));
  }

  /** Puts a key in its place and drops the least, which is the key itself if none is less. */
  private static void insert(long key, long[] held) {
    if (key <= held[0]) {
      return;
    }
    int i = 0;
    while (i + 1 < held.length && held[i + 1] < key) {
      held[i] = held[i + 1];
      i++;
    }
    held[i] = key;
  }
}
