package org.sigmoe.nn.graph;

/**
 * A tensor that outlives a step: a parameter, optimiser state or carried memory. Its contents live
 * in an engine, are zero until written, and are shared by every program of that engine that uses
 * the variable.
 *
 * <p>A variable is itself, not its name: two variables of one name are two tensors.
 */
public final class Variable {
  private final String name;
  private final TensorType type;

  /** A variable called {@code name}, the name that checkpoints use. */
  public Variable(String name, TensorType type) {
    this.name = name;
    this.type = type;
  }

  /** The name that checkpoints and messages use. */
  public String name() {
    return name;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Shape alone. */
  public Shape shape() {
    return type.shape();
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
