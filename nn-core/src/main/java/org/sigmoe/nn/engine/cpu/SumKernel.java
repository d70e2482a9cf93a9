package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/**
 * The sum of a tensor's elements or of their squares: for each chunk a partial sum, which {@link
 * SumEndKernel} adds up.
 */
final class SumKernel implements Kernel {
  /** What is summed. */
  enum Term {
    /** The element itself. */
    ELEMENT,
    /** Its square. */
    SQUARE
  }

  private final Term term;
  private final long x;
  private final long partials;
  private final FlatSplit split;

  SumKernel(Term term, FlatSplit split, long x, long partials) {
    this.term = term;
    this.x = x;
    this.partials = partials;
    this.split = split;
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long base = x + split.beginByte(chunk);
    int count = split.count(chunk);
    int whole = Lanes.FLOATS.loopBound(count);
    FloatVector sum = Lanes.all(0f);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector value = Lanes.load(base + 4L * i);
      sum = term == Term.SQUARE ? value.fma(value, sum) : sum.add(value);
    }
    if (whole < count) {
      VectorMask<Float> rest = Lanes.below(whole, count);
      FloatVector value = Lanes.load(base + 4L * whole, rest);
      sum = term == Term.SQUARE ? value.fma(value, sum) : sum.add(value);
    }
    NativeMemory.putFloat(partials + 4L * chunk, Lanes.sum(sum));
  }
}
