package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.DropoutMask;

/** {@link org.sigmoe.nn.graph.op.Activate.Gradient}: from the result, element by element. */
final class ActivateGradientKernel extends ElementwiseKernel {
  private static final FloatVector ZERO = Lanes.all(0f);
  private static final FloatVector ONE = Lanes.all(1f);

  private final Activate.Gradient op;
  private final float scale;
  private final long dy;
  private final long y;
  private final long dx;

  ActivateGradientKernel(Activate.Gradient op, long elements, long dy, long y, long dx) {
    super(elements);
    this.op = op;
    this.scale = DropoutMask.scale(op.rate());
    this.dy = dy;
    this.y = y;
    this.dx = dx;
  }

  /** One loop for each: a vector that comes from a choice of functions would be on the heap. */
  @Override
  void run(long begin, long end) {
    switch (op.activation()) {
      case RELU -> relu(begin, end);
      case SIGMOID -> sigmoid(begin, end);
      case SOFTPLUS -> softplus(begin, end);
      case EXP -> exp(begin, end);
      case SQRT -> sqrt(begin, end);
      case IDENTITY, GELU -> throw new IllegalStateException(op + " is not from its result");
    }
  }

  private void relu(long begin, long end) {
    for (long at = begin; at < end; at += Lanes.BYTES) {
      FloatVector gradient = Lanes.load(dy + at).mul(scale);
      Lanes.store(
          ZERO.blend(gradient, Lanes.load(y + at).compare(VectorOperators.GT, 0f)), dx + at);
    }
  }

  private void sigmoid(long begin, long end) {
    for (long at = begin; at < end; at += Lanes.BYTES) {
      FloatVector result = Lanes.load(y + at);
      Lanes.store(Lanes.load(dy + at).mul(result).mul(ONE.sub(result)), dx + at);
    }
  }

  private void softplus(long begin, long end) {
    for (long at = begin; at < end; at += Lanes.BYTES) {
      FloatVector slope = ONE.sub(Lanes.exp(Lanes.load(y + at).neg()));
      Lanes.store(Lanes.load(dy + at).mul(slope), dx + at);
    }
  }

  private void exp(long begin, long end) {
    for (long at = begin; at < end; at += Lanes.BYTES) {
      Lanes.store(Lanes.load(dy + at).mul(Lanes.load(y + at)), dx + at);
    }
  }

  private void sqrt(long begin, long end) {
    for (long at = begin; at < end; at += Lanes.BYTES) {
      FloatVector root = Lanes.load(y + at);
      FloatVector gradient = Lanes.load(dy + at).mul(0.5f).div(root);
      Lanes.store(ZERO.blend(gradient, root.compare(VectorOperators.GT, 0f)), dx + at);
    }
  }
}
