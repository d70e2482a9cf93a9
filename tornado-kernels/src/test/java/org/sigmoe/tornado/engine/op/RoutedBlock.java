package org.sigmoe.tornado.engine.op;

import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** Experts whose weights are a router's scores, and the gradient for what goes into both. */
final class RoutedBlock {
  final Graph graph = new Graph();
  final Value dy = graph.input("dy", TensorType.f32(6, 5));
  final Value dx;

  /**
   * @param residual whether what goes in is added
   */
  RoutedBlock(boolean residual) {
    Value x = graph.input("x", TensorType.f32(6, 5));
    Value logits = MatMul.linear(x, graph.input("router", TensorType.f32(3, 5)));
    Value experts = graph.input("experts", new TensorType(DType.I32, Shape.of(6, 2)));
    Value scores = Activate.of(Activation.SIGMOID, logits, null, null);
    Value weights = GatherColumns.of(scores, experts);
    Route.Result route = Route.of(experts, 3);
    Value up = graph.input("up", TensorType.f32(3, 5, 4));
    Value units = GatherMatMul.of(x, up, route, 2, Transpose.NO);
    Value hidden = Activate.of(Activation.RELU, units, null, null);
    Value down = graph.input("down", TensorType.f32(3, 4, 5));
    Value product = ScatterMatMul.of(hidden, down, weights, route, 2, Transpose.NO, x.shape());
    Value y = graph.output(residual ? Add.of(x, product) : product);
    dx = graph.output(Gradients.of(Map.of(y, dy), List.of(x)).getFirst());
  }
}
