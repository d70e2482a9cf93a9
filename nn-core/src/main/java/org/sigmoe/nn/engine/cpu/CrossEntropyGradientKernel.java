package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.CrossEntropy.Gradient}: row by row; dlogits may lie in the place of
 * the logits.
 */
final class CrossEntropyGradientKernel implements Kernel {
  private final int vocabulary;
  private final long logits;
  private final long targets;
  private final long lse;
  private final long dnll;
  private final long dlogits;
  private final Split split;

  CrossEntropyGradientKernel(
      int rows, int vocabulary, long logits, long targets, long lse, long dnll, long dlogits) {
    this.vocabulary = vocabulary;
    this.logits = logits;
    this.targets = targets;
    this.lse = lse;
    this.dnll = dnll;
    this.dlogits = dlogits;
    this.split = Split.of(rows, vocabulary);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    VectorMask<Float> rest = Lanes.rest(vocabulary);
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = 4L * row * vocabulary;
      float logSumExp = getFloat(lse + 4L * row);
      float factor = getFloat(dnll + 4L * row);
      for (int c = 0; c < vocabulary; c += Lanes.COUNT) {
        int left = vocabulary - c;
        long offset = at + 4L * c;
        FloatVector p = Lanes.exp(Lanes.load(logits + offset, left, rest).sub(logSumExp));
        Lanes.store(p.mul(factor), dlogits + offset, left, rest);
      }
      long target = dlogits + at + 4L * Tokens.at(targets, row, vocabulary);
      putFloat(target, getFloat(target) - factor);
    }
  }
}
