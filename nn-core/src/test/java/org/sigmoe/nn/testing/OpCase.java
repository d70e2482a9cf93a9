package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * One use of an op: operands with their contents, and how the op is applied to them.
 *
 * <pre>{@code
 * OpCase.named("[7,33]")
 *     .differentiable("x", Fill.normal(1), 7, 33)
 *     .differentiable("gain", Fill.normal(1), 33)
 *     .differentiable("bias", Fill.normal(1), 33)
 *     .outputs(in -> List.of(LayerNorm.of(in.get("x"), in.get("gain"), in.get("bias"), 1e-5f)))
 * }</pre>
 *
 * <p>The function may mark further values that are not differentiable as outputs of the graph; they
 * are compared too.
 *
 * @param name tells the cases of one test apart
 * @param operands in the order in which they were given
 * @param apply from the operands by name to the results that gradients flow from
 * @param magnitude size of the terms that results or gradients are sums of, for a case where these
 *     cancel to 0 by nature; 0 in all other cases
 */
public record OpCase(
    String name,
    List<Operand> operands,
    Function<Map<String, Value>, List<Value>> apply,
    double magnitude) {

  /** Whether gradients with respect to an operand are asked for. */
  public enum Role {
    /** They are. */
    DIFFERENTIABLE,
    /** They are not. */
    GIVEN
  }

  /** An operand: what it is called, its type, its contents and its role. */
  public record Operand(String name, TensorType type, Fill fill, Role role) {}

  /** Begins a case. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** This case, of which results cancel to 0 that are sums of terms of {@code size}. */
  public OpCase cancellingTermsOf(double size) {
    return new OpCase(name, operands, apply, size);
  }

  /** Collects the operands of a case. */
  public static final class Builder {
    private final String name;
    private final List<Operand> operands = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** A float operand that gradients are asked for. */
    public Builder differentiable(String operand, Fill fill, int... sizes) {
      operands.add(new Operand(operand, TensorType.f32(sizes), fill, Role.DIFFERENTIABLE));
      return this;
    }

    /** A float operand that no gradient is asked for. */
    public Builder given(String operand, Fill fill, int... sizes) {
      operands.add(new Operand(operand, TensorType.f32(sizes), fill, Role.GIVEN));
      return this;
    }

    /** An operand of integers. */
    public Builder integers(String operand, Fill fill, int... sizes) {
      operands.add(new Operand(operand, TensorType.i32(sizes), fill, Role.GIVEN));
      return this;
    }

    /** The case of one result. */
    public OpCase output(Function<Map<String, Value>, Value> apply) {
      return outputs(in -> List.of(apply.apply(in)));
    }

    /** The case of several results. */
    public OpCase outputs(Function<Map<String, Value>, List<Value>> apply) {
      return new OpCase(name, List.copyOf(operands), apply, 0);
    }
  }
}
