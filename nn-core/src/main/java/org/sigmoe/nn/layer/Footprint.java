package org.sigmoe.nn.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * What a feed-forward block costs: the common measure of families, counted from the graph that the
 * block makes, the addition to the residual stream included.
 *
 * @param parameters number of learned elements
 * @param flopsPerToken floating-point operations of the forward pass for each token
 * @param activationBytesPerToken bytes for each token that the forward pass of training keeps for
 *     the backward pass, the block's input (which the layer keeps) and output apart
 */
public record Footprint(long parameters, double flopsPerToken, double activationBytesPerToken) {

  /** Counted from the training graph of {@code batch} rows of {@code context} tokens. */
  static Footprint of(FeedForward block, int batch, int context) {
    Graph graph = new Graph();
    TensorType type = TensorType.f32(batch, context, block.dModel());
    Value x = graph.input("x", type);
    Value residual = graph.input("residual", type);
    FeedForward.Output output = block.apply(BuildContext.training(graph), x);
    Value y = output.addTo(residual, null);
    Map<Value, Value> seeds = new HashMap<>();
    seeds.put(y, graph.input("dy", type));
    if (output.auxiliaryLoss() != null) {
      seeds.put(
          output.auxiliaryLoss(), graph.constant("one", Shape.scalar(), () -> new float[] {1}));
    }
    List<Value> wrt = new ArrayList<>(List.of(x));
    block.parameters().stream()
        .filter(Parameter::trained)
        .forEach(parameter -> wrt.add(graph.read(parameter.variable())));
    Gradients.of(seeds, wrt).forEach(graph::output);
    double tokens = (double) batch * context;
    long flops =
        graph.nodes().stream()
            .filter(node -> node.phase() == Node.Phase.FORWARD)
            .mapToLong(node -> node.cost().flops())
            .sum();
    return new Footprint(
        block.parameterCount(), flops / tokens, BufferPlan.of(graph).activationBytes() / tokens);
  }
}
