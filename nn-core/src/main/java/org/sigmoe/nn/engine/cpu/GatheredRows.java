package org.sigmoe.nn.engine.cpu;

/**
 * Rows of a table that others name by index.
 *
 * @param values address of the table [count, columns]
 * @param count V
 * @param columns D
 * @param indices address of the indices [sums, slots]
 * @param sums how many sums of rows there are
 * @param slots rows of one sum
 */
record GatheredRows(long values, int count, int columns, long indices, int sums, int slots) {

  /** Sums that are worth handing to a thread. */
  Split split() {
    return Split.of(sums, (long) slots * columns);
  }

  /** Address of the row that a position among the indices names. */
  long row(int position) {
    return values + 4L * Indices.at(indices, position, count) * columns;
  }
}
