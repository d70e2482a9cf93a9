package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link org.sigmoe.nn.graph.op.CrossEntropy}: row by row. */
final class CrossEntropyKernel implements Kernel {
  private final int vocabulary;
  private final long logits;
  private final long targets;
  private final long nll;
  private final long lse;
  private final Split split;

  CrossEntropyKernel(int rows, int vocabulary, long logits, long targets, long nll, long lse) {
    this.vocabulary = vocabulary;
    this.logits = logits;
    this.targets = targets;
    this.nll = nll;
    this.lse = lse;
    this.split = Split.of(rows, vocabulary);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      long at = logits + 4L * row * vocabulary;
      float max = max(at);
      double sum = sumOfExponentials(at, max);
      double logSumExp = max + Math.log(sum);
      int target = Tokens.at(targets, row, vocabulary);
      putFloat(lse + 4L * row, (float) logSumExp);
      putFloat(nll + 4L * row, (float) (logSumExp - getFloat(at + 4L * target)));
    }
  }

  /** The largest logit of a row; NaN if there is one. */
  private float max(long row) {
    VectorMask<Float> rest = Lanes.rest(vocabulary);
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int c = 0; c < vocabulary; c += Lanes.COUNT) {
      int left = vocabulary - c;
      FloatVector larger = max.max(Lanes.load(row + 4L * c, left, rest));
      max = left >= Lanes.COUNT ? larger : max.blend(larger, rest);
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private float sumOfExponentials(long row, float max) {
    VectorMask<Float> rest = Lanes.rest(vocabulary);
    FloatVector sum = Lanes.all(0f);
    for (int c = 0; c < vocabulary; c += Lanes.COUNT) {
      int left = vocabulary - c;
      FloatVector exp = Lanes.exp(Lanes.load(row + 4L * c, left, rest).sub(max));
      sum = sum.add(Lanes.within(exp, left, rest));
    }
    return Lanes.sum(sum);
  }
}
