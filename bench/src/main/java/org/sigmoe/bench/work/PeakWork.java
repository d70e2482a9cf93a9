package org.sigmoe.bench.work;

import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.MatMul;

/** Graphs of one op that a machine can do at full speed, if at any. */
public final class PeakWork {
  private PeakWork() {}

  /** The sum of two tensors. */
  public static TimedGraph sum(int elements) {
    TimedGraph timed = new TimedGraph(1);
    Value a = timed.floats("a", Contents.uniform(0, 1), elements);
    Value b = timed.floats("b", Contents.uniform(0, 1), elements);
    timed.graph().output(Add.of(a, b));
    return timed;
  }

  /**
   * The product of two square matrices, several times: an engine that rounds the operands first
   * does that once.
   */
  public static TimedGraph products(int side, int times) {
    TimedGraph timed = new TimedGraph(1);
    Value a = timed.floats("a", Contents.uniform(-1, 1), side, side);
    Value b = timed.floats("b", Contents.uniform(-1, 1), side, side);
    for (int i = 0; i < times; i++) {
      timed.graph().output(MatMul.linear(a, b));
    }
    return timed;
  }
}
