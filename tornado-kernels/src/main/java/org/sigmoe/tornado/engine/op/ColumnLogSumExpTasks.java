package org.sigmoe.tornado.engine.op;

import org.sigmoe.tornado.kernel.ColumnLogSumExpKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * y [parts, columns] = base + factor * log(sum of exp(x + sign * term)) down the columns of each
 * part of x: both stages of {@link ColumnLogSumExpKernels}.
 *
 * @param parts equal, consecutive parts of the rows
 * @param rowsOfPart rows of each
 * @param columns of x
 * @param sign what {@code term} is multiplied by
 * @param base what is added to the logarithm
 * @param factor what the logarithm is multiplied by, 1 or -1
 */
record ColumnLogSumExpTasks(
    int parts, int rowsOfPart, int columns, float sign, float base, float factor) {

  /** The scratch array that {@link #add} takes. */
  FloatArray scratch(Lowering to) {
    return to.scratch(parts * chunks(), columns);
  }

  private int chunks() {
    return Math.ceilDiv(rowsOfPart, ColumnLogSumExpKernels.rowsPerChunk(rowsOfPart));
  }

  /**
   * Adds the tasks.
   *
   * @param x [parts * rowsOfPart, columns]
   * @param term [parts * rowsOfPart], added to a whole row
   * @param sums for results in between
   */
  void add(FloatArray x, FloatArray term, FloatArray sums, FloatArray y, Lowering to) {
    int rowsOfChunk = ColumnLogSumExpKernels.rowsPerChunk(rowsOfPart);
    addStage(x, term, sign, rowsOfPart, rowsOfChunk, 0f, 1f, sums, to);
    addStage(sums, term, 0f, chunks(), chunks(), base, factor, y, to);
  }

  private void addStage(
      FloatArray x,
      FloatArray term,
      float signOfTerm,
      int rows,
      int rowsOfChunk,
      float plus,
      float times,
      FloatArray y,
      Lowering to) {
    to.task(
        "columnLogSumExp",
        ColumnLogSumExpKernels.shape(parts, rows, rowsOfChunk, columns),
        id ->
            new TaskPackage(
                id,
                ColumnLogSumExpKernels::ofChunks,
                to.context(),
                x,
                term,
                signOfTerm,
                rows,
                rowsOfChunk,
                columns,
                plus,
                times,
                y));
  }
}
