package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Finds groups among rows that are sorted by group, group e owning rows offsets[e] to offsets[e +
 * 1]. TornadoVM inlines these methods.
 *
 * <p>Blocks of {@code size} rows that never span two groups are numbered without a table: block
 * {@code offsets[e] / size + e + i} is the i-th of group e. A group of rows qs + r to ps + t has at
 * most p - q + 1 blocks, which is how many numbers it gets: so no two blocks share one, and {@code
 * rows / size + groups} bounds them all, whatever the offsets. A launch needs no more than the
 * sizes, and a block finds its rows by bisection. Numbers that are left over have no rows.
 */
final class GroupSearch {
  private GroupSearch() {}

  /** How many blocks are numbered. */
  static int blocks(int rows, int groups, int size) {
    return rows / size + groups;
  }

  /** The number of a group's first block. */
  static int firstBlock(IntArray offsets, int group, int size) {
    return offsets.get(group) / size + group;
  }

  /** Whether a group has the number of a block. */
  static boolean has(IntArray offsets, int group, int size, int block) {
    return firstBlock(offsets, group, size) <= block
        && block < firstBlock(offsets, group + 1, size);
  }

  /** The group of a block. */
  static int ofBlock(IntArray offsets, int groups, int size, int block) {
    int low = 0;
    int high = groups - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (offsets.get(middle) / size + middle <= block) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The group of a row. */
  static int ofRow(IntArray offsets, int groups, int row) {
    int low = 0;
    int high = groups - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (offsets.get(middle + 1) > row) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
