package org.sigmoe.tornado.engine.op;

import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;

/** y = x + experts(x), and the gradients for x, both matrices and the weights. */
final class ExpertBlock {
  final Graph graph = new Graph();
  final Value x = graph.input("x", TensorType.f32(6, 5));
  final Value hidden;
  final Value y;

  ExpertBlock(Activation activation) {
    Value up = graph.input("up", TensorType.f32(3, 5, 4));
    Value down = graph.input("down", TensorType.f32(3, 4, 5));
    Value weights = graph.input("weights", TensorType.f32(6, 2));
    Value experts = graph.input("experts", new TensorType(DType.I32, Shape.of(6, 2)));
    Route.Result route = Route.of(experts, 3);
    Value units = GatherMatMul.of(x, up, route, 2, Transpose.NO);
    hidden = Activate.of(activation, units, null, null);
    Value product = ScatterMatMul.of(hidden, down, weights, route, 2, Transpose.NO, x.shape());
    y = graph.output(Add.of(x, product));
    Value dy = graph.input("dy", TensorType.f32(6, 5));
    Gradients.of(Map.of(y, dy), List.of(x, up, down, weights)).forEach(graph::output);
  }

  List<Node> schedule() {
    return Schedule.of(graph);
  }

  /** The only application, or the first of several. */
  Node first(Class<? extends Op> op) {
    return schedule().stream().filter(node -> op.isInstance(node.op())).findFirst().orElseThrow();
  }
}
