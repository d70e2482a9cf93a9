package org.sigmoe.nn.engine.cpu;

/**
 * Copies rows along the second dimension: for each batch row, {@code count} rows of source from
 * {@code from} on become the rows of target from {@code to} on. {@link
 * org.sigmoe.nn.graph.op.Concat}, its gradient and {@link org.sigmoe.nn.graph.op.ShiftMemory} are
 * made of these.
 *
 * @param batch batch rows
 * @param columns floats of a row
 * @param source first tensor
 * @param target second tensor
 * @param count rows that are copied
 */
record TimeSliceKernel(int batch, int columns, Rows source, Rows target, int count)
    implements Kernel {

  /**
   * Rows of a tensor [B, length, C].
   *
   * @param address of the tensor
   * @param length size of its second dimension
   * @param from first row
   */
  record Rows(long address, int length, int from) {
    private long at(int batchRow, int columns) {
      return address + 4L * columns * ((long) batchRow * length + from);
    }
  }

  @Override
  public int chunks() {
    return batch;
  }

  @Override
  public void run(int chunk, int worker) {
    Blocks.copy(source.at(chunk, columns), target.at(chunk, columns), 4L * columns * count);
  }
}
