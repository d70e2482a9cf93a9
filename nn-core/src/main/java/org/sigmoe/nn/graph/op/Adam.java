package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;

/**
 * One step of Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019; as
 * PyTorch computes it), in place. With g = gradient * factor:
 *
 * <pre>
 * parameter  = parameter * decay
 * mean       = beta1 * mean + (1 - beta1) * g
 * meanSquare = beta2 * meanSquare + (1 - beta2) * g * g
 * parameter  = parameter - stepSize * mean / (sqrt(meanSquare) / correction + epsilon)
 * </pre>
 *
 * <p>parameter, mean, meanSquare: variables of one shape; gradient of that shape; factor [1];
 * schedule [3], fed each step: stepSize = lr / (1 - beta1^t), correction = sqrt(1 - beta2^t) and
 * decay = 1 - lr * weightDecay.
 */
public record Adam(double beta1, double beta2, double epsilon) implements Op {

  @Override
  public List<String> operandNames() {
    return List.of("parameter", "mean", "meanSquare", "gradient", "factor", "schedule");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape shape = operands.requireAtLeast(0, DType.F32, 1);
    operands.requireShape(1, shape);
    operands.requireShape(2, shape);
    operands.requireShape(3, shape);
    operands.requireShape(4, Shape.scalar());
    operands.requireShape(5, Shape.of(3));
    return List.of();
  }

  @Override
  public Set<Integer> updates() {
    return Set.of(0, 1, 2);
  }

  @Override
  public Cost cost(Node node) {
    long bytes = node.operand(0).type().bytes();
    return new Cost(14 * node.operand(0).shape().elements(), 4 * bytes, 3 * bytes);
  }
}
