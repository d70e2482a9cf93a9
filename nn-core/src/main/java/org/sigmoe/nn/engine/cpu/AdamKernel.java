package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;

import jdk.incubator.vector.FloatVector;
import org.sigmoe.nn.graph.op.Adam;

/** {@link Adam}: one pass over parameter, moments and gradient. */
final class AdamKernel implements Kernel {
  private final float beta1;
  private final float oneMinusBeta1;
  private final float beta2;
  private final float oneMinusBeta2;
  private final float epsilon;
  private final long parameter;
  private final long mean;
  private final long meanSquare;
  private final long gradient;
  private final long factor;
  private final long schedule;
  private final FlatSplit split;

  AdamKernel(
      Adam op,
      long elements,
      long parameter,
      long mean,
      long meanSquare,
      long gradient,
      long factor,
      long schedule) {
    // 1 - beta is taken in double: in float, 1 - 0.999 is off by 1.3e-5.
    this.beta1 = (float) op.beta1();
    this.oneMinusBeta1 = (float) (1 - op.beta1());
    this.beta2 = (float) op.beta2();
    this.oneMinusBeta2 = (float) (1 - op.beta2());
    this.epsilon = (float) op.epsilon();
    this.parameter = parameter;
    this.mean = mean;
    this.meanSquare = meanSquare;
    this.gradient = gradient;
    this.factor = factor;
    this.schedule = schedule;
    this.split = new FlatSplit(elements);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    float clip = getFloat(factor);
    float stepSize = getFloat(schedule);
    float correction = getFloat(schedule + 4);
    float decay = getFloat(schedule + 8);
    long base = split.beginByte(chunk);
    for (int i = 0; i < split.wholeVectors(chunk); i += Lanes.COUNT) {
      long at = base + 4L * i;
      FloatVector g = Lanes.load(gradient + at).mul(clip);
      FloatVector m = mean(Lanes.load(mean + at), g);
      FloatVector v = meanSquare(Lanes.load(meanSquare + at), g);
      Lanes.store(m, mean + at);
      Lanes.store(v, meanSquare + at);
      FloatVector p = Lanes.load(parameter + at).mul(decay);
      Lanes.store(p.sub(change(m, v, stepSize, correction)), parameter + at);
    }
  }

  private FloatVector mean(FloatVector before, FloatVector g) {
    return before.mul(beta1).add(g.mul(oneMinusBeta1));
  }

  private FloatVector meanSquare(FloatVector before, FloatVector g) {
    return before.mul(beta2).add(g.mul(g).mul(oneMinusBeta2));
  }

  private FloatVector change(FloatVector m, FloatVector v, float stepSize, float correction) {
    return m.mul(stepSize).div(v.sqrt().div(correction).add(epsilon));
  }
}
