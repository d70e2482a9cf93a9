package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.op.Activation;

/**
 * {@link org.sigmoe.nn.graph.op.Activate}, {@link org.sigmoe.nn.graph.op.AddDropout} and {@link
 * org.sigmoe.nn.graph.op.Dropout}: y = residual + dropout(activation(x + bias)), of which all but x
 * may be missing. Row by row.
 */
final class BranchKernel implements Kernel {
  private static final long NONE = 0;

  private final int columns;
  private final long x;
  private final long bias;
  private final long residual;
  private final Activation activation;
  private final @Nullable Dropper dropper;
  private final long y;
  private final Split split;

  private BranchKernel(
      int rows,
      int columns,
      long x,
      long bias,
      long residual,
      Activation activation,
      @Nullable Dropper dropper,
      long y) {
    this.columns = columns;
    this.x = x;
    this.bias = bias;
    this.residual = residual;
    this.activation = activation;
    this.dropper = dropper;
    this.y = y;
    this.split = Split.of(rows, columns);
  }

  /** y = dropout(activation(x + bias)); a bias at address 0 is none. */
  static Kernel activate(
      int rows,
      int columns,
      long x,
      long bias,
      Activation activation,
      @Nullable Dropper dropper,
      long y) {
    return new BranchKernel(rows, columns, x, bias, NONE, activation, dropper, y);
  }

  /** y = residual + dropout(x + bias); a bias at address 0 is none. */
  static Kernel addDropout(
      int rows, int columns, long residual, long x, long bias, @Nullable Dropper dropper, long y) {
    return new BranchKernel(rows, columns, x, bias, residual, Activation.IDENTITY, dropper, y);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int key1 = dropper == null ? 0 : dropper.key1();
    int key2 = dropper == null ? 0 : dropper.key2();
    VectorMask<Float> rest = Lanes.rest(columns);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long first = (long) row * columns;
      for (int c = 0; c < columns; c += Lanes.COUNT) {
        int left = columns - c;
        long offset = 4 * (first + c);
        FloatVector value = Lanes.load(x + offset, left, rest);
        if (bias != NONE) {
          value = value.add(Lanes.load(bias + 4L * c, left, rest));
        }
        value = transform(value, (int) first + c, key1, key2);
        if (residual != NONE) {
          value = value.add(Lanes.load(residual + offset, left, rest));
        }
        Lanes.store(value, y + offset, left, rest);
      }
    }
  }

  private FloatVector transform(FloatVector value, int index, int key1, int key2) {
    FloatVector active = activation == Activation.RELU ? value.max(0f) : value;
    return dropper == null ? active : dropper.apply(active, index, key1, key2);
  }
}
