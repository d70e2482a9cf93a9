package org.sigmoe.nn.engine.cpu;

/**
 * Gathers the rows that a block of sorted rows stands for into scratch memory, as an operand of a
 * product.
 */
final class RowGatherer {
  private final SortedRows rows;
  private final int slots;
  private final long source;
  private final int columns;
  private final int elementBytes;

  /**
   * For the rows of a tensor.
   *
   * @param slots slots of a row
   * @param source address of the rows [.., columns]
   * @param columns elements of a row
   * @param elementBytes bytes of an element
   */
  RowGatherer(SortedRows rows, int slots, long source, int columns, int elementBytes) {
    this.rows = rows;
    this.slots = slots;
    this.source = source;
    this.columns = columns;
    this.elementBytes = elementBytes;
  }

  /**
   * Gathers columns of the rows of a block, one row behind the other, and zeros behind them up to
   * the rows of the block's plan.
   *
   * @param first first sorted row
   * @param count rows
   * @param from first column
   * @param width columns
   * @param target address of the operand, {@link RowPlans#padded} rows of {@code width}
   */
  void gather(int first, int count, int from, int width, long target) {
    long rowBytes = (long) elementBytes * width;
    for (int i = 0; i < count; i++) {
      long token = rows.slot(first + i) / slots;
      long row = source + elementBytes * (token * columns + from);
      Blocks.copy(row, target + i * rowBytes, rowBytes);
    }
    Blocks.clearBytes(target + count * rowBytes, (RowPlans.padded(count) - count) * rowBytes);
  }
}
