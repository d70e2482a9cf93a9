package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.ColumnNorms}: each chunk owns some columns and goes down all rows.
 */
final class ColumnNormsKernel implements Kernel {
  private final int rows;
  private final int columns;
  private final long x;
  private final long norms;
  private final Split split;

  ColumnNormsKernel(int rows, int columns, long x, long norms) {
    this.rows = rows;
    this.columns = columns;
    this.x = x;
    this.norms = norms;
    this.split = new Split(columns, Lanes.COUNT);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(columns);
    int c = split.begin(chunk);
    int left = columns - c;
    FloatVector squares = Lanes.all(0f);
    for (int row = 0; row < rows; row++) {
      FloatVector element = Lanes.load(x + 4L * row * columns + 4L * c, left, rest);
      squares = element.fma(element, squares);
    }
    Lanes.store(squares.sqrt(), norms + 4L * c, left, rest);
  }
}
