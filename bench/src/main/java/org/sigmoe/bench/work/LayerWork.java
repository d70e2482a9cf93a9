package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.BATCH;
import static org.sigmoe.bench.shape.Dimension.CONTEXT;
import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.LAYERS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Parameter;

/**
 * One feed-forward block at the end of a residual branch, router and regulariser included: y = x +
 * block(x), and in {@link Pass#BOTH} the gradients for x and all parameters. Input and gradient of
 * the result are normally distributed; there is no dropout.
 */
public record LayerWork(Family family, Pass pass) implements Work {
  private static final long PARAMETER_SEED = 1;

  /** Which part of a step. */
  public enum Pass {
    /** To the result and the regulariser. */
    FORWARD("forward"),
    /** Forward and backward. */
    BOTH("layer");

    private final String label;

    Pass(String label) {
      this.label = label;
    }
  }

  /**
   * A block as a graph.
   *
   * @param timed the graph; its outputs are y, then in {@link Pass#BOTH} dx and the gradients for
   *     the parameters in their order
   * @param x the input [B, T, D]
   * @param dy the gradient for y; not read in {@link Pass#FORWARD}
   * @param y the output
   * @param parameters of the block
   * @param gradients outputs: for x, then for each parameter
   */
  public record Block(
      TimedGraph timed,
      Value x,
      Value dy,
      Value y,
      List<Parameter> parameters,
      List<Value> gradients) {}

  @Override
  public String label() {
    return pass.label + "/" + family.label();
  }

  @Override
  public Graph graph(Sizes sizes) {
    return block(sizes, 0).timed().graph();
  }

  /** The block. Parameters do not depend on the seed, the data do. */
  public Block block(Sizes sizes, long seed) {
    TimedGraph timed = new TimedGraph(seed);
    Graph graph = timed.graph();
    int width = sizes.get(D_MODEL);
    FeedForward block =
        family
            .config(sizes)
            .build(new FeedForwardConfig.Placement("block", width, sizes.get(LAYERS), 0));
    BuildContext context = BuildContext.training(graph);
    timed.feed(Objects.requireNonNull(context.dropoutKey()), Contents.of(1, (int) seed));
    TensorType type = TensorType.f32(sizes.get(BATCH), sizes.get(CONTEXT), width);
    Value x = timed.input("x", type, Contents.normal(1));
    Value dy = timed.input("dy", type, Contents.normal(1));
    FeedForward.Output output = block.apply(context, x);
    Value y = graph.output(output.addTo(x, null));
    for (Parameter parameter : block.parameters()) {
      timed.fill(
          parameter.variable(), (_, elements) -> parameter.initialise(PARAMETER_SEED, elements));
    }
    if (pass == Pass.FORWARD) {
      if (output.auxiliaryLoss() != null) {
        graph.output(output.auxiliaryLoss());
      }
      return new Block(timed, x, dy, y, block.parameters(), List.of());
    }
    Map<Value, Value> seeds = new HashMap<>(Map.of(y, dy));
    if (output.auxiliaryLoss() != null) {
      Value one = graph.constant("one", Shape.scalar(), () -> new float[] {1});
      seeds.put(output.auxiliaryLoss(), one);
    }
    List<Value> wanted = new ArrayList<>(List.of(x));
    block.parameters().stream()
        .filter(Parameter::trained)
        .forEach(parameter -> wanted.add(context.read(parameter)));
    List<Value> gradients = Gradients.of(seeds, wanted);
    gradients.forEach(graph::output);
    return new Block(timed, x, dy, y, block.parameters(), gradients);
  }
}
