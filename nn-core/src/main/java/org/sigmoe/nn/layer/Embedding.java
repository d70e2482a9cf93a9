package org.sigmoe.nn.layer;

import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;

/** A vector for each token: {@code NAME.weight} [vocabulary, size]. */
public final class Embedding implements Layer {
  private final Parameter table;

  /** A table that starts as {@code initializer} says. */
  public Embedding(String name, int vocabulary, int size, Initializer initializer) {
    this.table = Parameter.weight(name + ".weight", Shape.of(vocabulary, size), initializer);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(table);
  }

  /** The vectors of tokens i32[B, T]: [B, T, size]. */
  public Value apply(BuildContext context, Value tokens) {
    return org.sigmoe.nn.graph.op.Embedding.of(context.read(table), tokens);
  }
}
