package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getInt;

/**
 * Rows sorted by group, as a {@link org.sigmoe.nn.graph.op.Route} left them.
 *
 * @param order address of the slot of each sorted row
 * @param offsets address of the first sorted row of each group
 * @param groups number of groups
 */
record SortedRows(long order, long offsets, int groups) {

  /** Slot that a sorted row stands for. */
  int slot(int row) {
    return getInt(order + 4L * row);
  }

  /** First row of a group. */
  int begin(int group) {
    return getInt(offsets + 4L * group);
  }

  /** One past the last row of a group. */
  int end(int group) {
    return begin(group + 1);
  }

  /** The group that owns a row. */
  int groupOf(int row) {
    int low = 0;
    int high = groups - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) <= row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * First row of a group with a slot not below {@code slot}; the group's end if there is none. The
   * slots of a group ascend.
   */
  int firstFrom(int group, int slot) {
    int low = begin(group);
    int high = end(group);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (slot(middle) < slot) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
