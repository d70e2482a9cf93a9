package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getInt;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putInt;

import java.util.List;
import org.sigmoe.nn.engine.EngineException;

/**
 * {@link org.sigmoe.nn.graph.op.Route}, three kernels behind one another: each chunk of slots
 * counts its groups; the counts become the place of each chunk's first slot of each group; each
 * chunk writes its slots there.
 */
final class RouteKernels {
  /** Slots of a chunk, if there are not more groups. */
  private static final int CHUNK = 16_384;

  private final int groups;
  private final long indices;
  private final long table;
  private final long order;
  private final long offsets;
  private final long counts;
  private final Split split;

  /** How slots are cut into chunks: counting should not cost more than the slots. */
  static Split split(int slots, int groups) {
    return new Split(slots, Math.min(slots, Math.max(CHUNK, groups)));
  }

  /**
   * A sort.
   *
   * @param split of the slots
   * @param table address of working memory, an int for each group of each chunk
   */
  RouteKernels(
      Split split, int groups, long indices, long table, long order, long offsets, long counts) {
    this.split = split;
    this.groups = groups;
    this.indices = indices;
    this.table = table;
    this.order = order;
    this.offsets = offsets;
    this.counts = counts;
  }

  /** The kernels in order. */
  List<Kernel> all() {
    return List.of(
        kernel(split.chunks(), this::count),
        kernel(1, _ -> offsets()),
        kernel(split.chunks(), this::place));
  }

  /** What a kernel does with a chunk. */
  private interface Work {
    void run(int chunk);
  }

  private static Kernel kernel(int chunks, Work work) {
    return new Kernel() {
      @Override
      public int chunks() {
        return chunks;
      }

      @Override
      public void run(int chunk, int worker) {
        work.run(chunk);
      }
    };
  }

  private long cell(int chunk, int group) {
    return table + 4 * ((long) chunk * groups + group);
  }

  private void count(int chunk) {
    Blocks.clear(cell(chunk, 0), groups);
    for (int slot = split.begin(chunk); slot < split.end(chunk); slot++) {
      int group = getInt(indices + 4L * slot);
      if (group < 0 || group >= groups) {
        throw new EngineException(
            "Index %d of slot %d is outside the %d groups".formatted(group, slot, groups));
      }
      increment(cell(chunk, group));
    }
  }

  private void offsets() {
    int row = 0;
    for (int group = 0; group < groups; group++) {
      putInt(offsets + 4L * group, row);
      int begin = row;
      for (int chunk = 0; chunk < split.chunks(); chunk++) {
        int count = getInt(cell(chunk, group));
        putInt(cell(chunk, group), row);
        row += count;
      }
      putInt(counts + 4L * group, row - begin);
    }
    putInt(offsets + 4L * groups, row);
  }

  private void place(int chunk) {
    for (int slot = split.begin(chunk); slot < split.end(chunk); slot++) {
      int row = increment(cell(chunk, getInt(indices + 4L * slot)));
      putInt(order + 4L * row, slot);
    }
  }

  /** Adds 1 to an int and returns what it was. */
  private static int increment(long address) {
    int before = getInt(address);
    putInt(address, before + 1);
    return before;
  }
}
