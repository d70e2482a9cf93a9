package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.AddDropout;

/** {@link AddDropout}. */
final class AddDropoutReference {
  private AddDropoutReference() {}

  static List<Tensor> forward(AddDropout op, List<Tensor> operands) {
    Tensor residual = operands.get(0);
    Tensor x = operands.get(1);
    Tensor branch = x.copy();
    if (op.biased()) {
      for (int i = 0; i < branch.size(); i++) {
        branch.add(i, operands.get(2).at(i % x.columns()));
      }
    }
    if (op.rate() > 0) {
      Mask mask = Mask.inverted(operands.getLast(), op.site(), op.rate());
      for (int i = 0; i < branch.size(); i++) {
        branch.set(i, mask.apply(i, branch.at(i)));
      }
    }
    return AddReference.forward(List.of(residual, branch));
  }
}
