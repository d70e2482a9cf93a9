package org.sigmoe.xl.model;

import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * The inputs that every graph of a model has.
 *
 * @param tokens i32[B, T]
 * @param memoryFilled i32[1]: how many positions of memory hold something
 */
record Segment(Value tokens, Value memoryFilled) {

  static Segment of(Graph graph, int batch, int context) {
    return new Segment(
        graph.input("tokens", TensorType.i32(batch, context)),
        graph.input("memoryFilled", TensorType.i32(1)));
  }

  /** Another segment of a graph, of as many tokens and with as much memory filled. */
  Segment another(Graph graph) {
    return new Segment(graph.input("tokens", tokens.type()), memoryFilled);
  }
}
