package org.sigmoe.nn.testing.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.EngineSession;

/**
 * A feed-forward block without regulariser in a graph of its own, in evaluation: its output for x,
 * the gradients of sum(output * g), and what it offers for analysis.
 */
public final class BlockGraph {
  private final Graph graph = new Graph();
  private final BuildContext context = BuildContext.observing(graph);
  private final Map<Parameter, Value> gradients = new LinkedHashMap<>();
  private final Value x;
  private final Value g;
  private final Value out;
  private final Value gradientOfX;

  /** The graph for inputs of a shape. */
  public BlockGraph(FeedForward block, int... shape) {
    TensorType type = TensorType.f32(shape);
    int elements = Math.toIntExact(type.shape().elements());
    this.x = graph.input("x", type);
    this.g = graph.input("g", type);
    Value zeros = graph.constant("zeros", type.shape(), () -> new float[elements]);
    this.out = graph.output(block.apply(context, x).addTo(zeros, null));
    List<Value> wrt = new ArrayList<>(List.of(x));
    block.parameters().forEach(parameter -> wrt.add(context.read(parameter)));
    List<Value> found = Gradients.of(Map.of(out, g), wrt);
    found.forEach(graph::output);
    this.gradientOfX = found.getFirst();
    for (int i = 0; i < block.parameters().size(); i++) {
      gradients.put(block.parameters().get(i), found.get(i + 1));
    }
  }

  /** The output, of the shape of x. */
  public Value out() {
    return out;
  }

  /** The gradient of x. */
  public Value gradientOfX() {
    return gradientOfX;
  }

  /** The gradients of the parameters. */
  public Map<Parameter, Value> gradients() {
    return gradients;
  }

  /** The one value of a kind that the block offers for analysis. */
  public Value observed(Observed what) {
    List<Value> offered =
        context.observations().stream()
            .filter(observation -> observation.what() == what)
            .map(observation -> observation.value())
            .toList();
    if (offered.size() != 1) {
      throw new AssertionError(offered.size() + " values are offered as " + what);
    }
    return offered.getFirst();
  }

  /** Compiles the graph and runs it once; parameters must have been written. */
  public EngineSession.Run run(EngineSession session, float[] xs, float[] gs) {
    EngineSession.Run run = session.compile(graph);
    run.feed(x, xs).feed(g, gs).run();
    return run;
  }
}
