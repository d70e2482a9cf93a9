package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.ClipFactor;

/** {@link ClipFactor}. */
final class ClipFactorReference {
  private ClipFactorReference() {}

  static List<Tensor> forward(ClipFactor op, List<Tensor> operands) {
    double norm = Math.sqrt(operands.getFirst().at(0));
    double factor = Math.min(1, op.maxNorm() / (norm + 1e-6));
    return List.of(Tensor.scalar(norm), Tensor.scalar(factor));
  }
}
