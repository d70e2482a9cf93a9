package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.ShapeException;
import org.sigmoe.nn.graph.Value;

/** The operands of an op that is being appended, and the one way in which a misfit is reported. */
public final class Operands {
  private final Op op;
  private final String scope;
  private final List<Value> values;

  /** For an op that stands in {@code scope}. */
  public Operands(Op op, String scope, List<Value> values) {
    this.op = op;
    this.scope = scope;
    this.values = values;
    int expected = op.operandNames().size();
    if (values.size() != expected) {
      throw misfit("takes " + expected + " operands, got " + values.size());
    }
  }

  /** Shape of operand {@code index}. */
  public Shape shape(int index) {
    return values.get(index).shape();
  }

  /** Requires element type and rank of operand {@code index} and returns its shape. */
  public Shape require(int index, DType dtype, int rank) {
    Shape shape = requireType(index, dtype);
    if (shape.rank() != rank) {
      throw misfit(name(index) + " must have " + rank + " dimensions");
    }
    return shape;
  }

  /** Requires the element type and a least rank of operand {@code index} and returns its shape. */
  public Shape requireAtLeast(int index, DType dtype, int rank) {
    Shape shape = requireType(index, dtype);
    if (shape.rank() < rank) {
      throw misfit(name(index) + " must have at least " + rank + " dimensions");
    }
    return shape;
  }

  private Shape requireType(int index, DType dtype) {
    Value value = values.get(index);
    if (value.type().dtype() != dtype) {
      throw misfit(name(index) + " must be " + dtype);
    }
    return value.shape();
  }

  /** Requires operand {@code index} to be a float tensor of exactly this shape. */
  public void requireShape(int index, Shape expected) {
    requireShape(index, DType.F32, expected);
  }

  /** Requires operand {@code index} to have exactly this type and shape. */
  public void requireShape(int index, DType dtype, Shape expected) {
    Value value = values.get(index);
    if (value.type().dtype() != dtype || !value.shape().equals(expected)) {
      throw misfit(name(index) + " must be " + dtype + expected);
    }
  }

  /** Requires {@code holds}, else reports {@code why}. */
  public void check(boolean holds, String why) {
    if (!holds) {
      throw misfit(why);
    }
  }

  private String name(int index) {
    return op.operandNames().get(index);
  }

  private ShapeException misfit(String why) {
    StringBuilder text = new StringBuilder(op.name());
    if (!scope.isEmpty()) {
      text.append(" in ").append(scope);
    }
    text.append(": ").append(why).append(". Operands:");
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? " " : ", ");
      if (i < op.operandNames().size()) {
        text.append(op.operandNames().get(i)).append(" = ");
      }
      text.append(values.get(i));
    }
    return new ShapeException(text.toString());
  }
}
