package org.sigmoe.nn.engine.cpu;

/**
 * Rows in equal consecutive groups, each cut into chunks of equal size, so that no chunk belongs to
 * two groups.
 *
 * @param groups number of groups
 * @param rows the cut of one group
 */
record GroupSplit(int groups, Split rows) {
  /** Of so many rows of {@code columns} floats in all. */
  static GroupSplit of(int rows, int columns, int groups) {
    return new GroupSplit(groups, Split.of(rows / groups, columns));
  }

  /** Number of chunks of all groups. */
  int chunks() {
    return groups * rows.chunks();
  }

  /** The group that a chunk belongs to. */
  int group(int chunk) {
    return chunk / rows.chunks();
  }

  /** First row of a chunk. */
  int begin(int chunk) {
    return group(chunk) * rows.items() + rows.begin(chunk % rows.chunks());
  }

  /** One past the last row of a chunk. */
  int end(int chunk) {
    return group(chunk) * rows.items() + rows.end(chunk % rows.chunks());
  }
}
