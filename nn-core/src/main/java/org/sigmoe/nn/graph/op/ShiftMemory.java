package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Set;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Carries memory to the next segment (Dai et al. 2019): the variable memory [B, M, C] becomes the
 * last M rows, for each batch row, of memory followed by x [B, T, C]. No gradient passes.
 */
public record ShiftMemory() implements Op {

  /** Appends the update of {@code memory}, the value of a variable. */
  public static void of(Value memory, Value x) {
    memory.graph().apply(new ShiftMemory(), memory, x);
  }

  @Override
  public List<String> operandNames() {
    return List.of("memory", "x");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape memory = operands.require(0, DType.F32, 3);
    Shape x = operands.require(1, DType.F32, 3);
    operands.check(
        memory.size(0) == x.size(0) && memory.size(2) == x.size(2),
        "memory and x may differ in the second dimension only");
    return List.of();
  }

  @Override
  public Set<Integer> updates() {
    return Set.of(0);
  }

  @Override
  public Cost cost(Node node) {
    long bytes = node.operand(0).type().bytes();
    return new Cost(0, bytes, bytes);
  }
}
