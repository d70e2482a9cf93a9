package org.sigmoe.xl.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.SinusoidalPositions;
import org.sigmoe.xl.model.TransformerLayer;

/**
 * One whole layer over several segments: out [B, T, D] of x with the previous segment as memory,
 * and the gradients of sum(out * g).
 */
final class LayerRunner implements GoldenRunner {
  private static final String NAME = "layer";

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    int context = golden.hyper("T");
    ModelConfig config =
        new ModelConfig(
            2,
            golden.hyper("d"),
            1,
            golden.hyper("heads"),
            golden.hyper("projection_size"),
            new DenseConfig(golden.hyper("dff")),
            context,
            context,
            0);
    TransformerLayer layer = new TransformerLayer(NAME, config);
    SegmentGraph step =
        new SegmentGraph(
            config,
            golden.hyper("B"),
            layer,
            (build, x, past) -> {
              Value positions =
                  SinusoidalPositions.table(build.graph(), 2 * context, config.dModel());
              return layer.apply(build, x, past, layer.positionKeys(build, positions)).y();
            });
    GoldenRunner.writeParameters(layer, NAME + ".", tensors, session);
    step.run(golden, tensors, session, NAME + ".", (segment, run) -> {});
  }

  /** The ops of a layer with memory. */
  interface Body {
    Value apply(BuildContext build, Value x, Memory.Past past);
  }

  /** What more is compared after a segment. */
  interface AfterSegment {
    void check(int segment, EngineSession.Run run);
  }

  /** Output and gradients of a layer that is given its segments from outside. */
  static final class SegmentGraph {
    final Graph graph = new Graph();
    final Memory memory;
    final Value x;
    final Value g;
    final Value filled;
    final Value out;
    final Layer layer;
    final Value gradientOfX;
    final Map<Parameter, Value> gradients = new LinkedHashMap<>();

    SegmentGraph(ModelConfig config, int batch, Layer layer, Body body) {
      TensorType type = TensorType.f32(batch, config.context(), config.dModel());
      this.layer = layer;
      this.x = graph.input("x", type);
      this.g = graph.input("g", type);
      this.filled = graph.input("filled", TensorType.i32(1));
      this.memory = Memory.of(config, MemoryKind.LAYER_INPUTS, batch, config.memory());
      BuildContext build = BuildContext.evaluation(graph);
      this.out = graph.output(body.apply(build, x, memory.past(graph, 0, filled)));
      List<Parameter> trained = layer.parameters().stream().filter(Parameter::trained).toList();
      List<Value> wrt = new ArrayList<>(List.of(x));
      trained.forEach(parameter -> wrt.add(build.read(parameter)));
      List<Value> found = Gradients.of(Map.of(out, g), wrt);
      found.forEach(graph::output);
      this.gradientOfX = found.getFirst();
      for (int i = 0; i < trained.size(); i++) {
        gradients.put(trained.get(i), found.get(i + 1));
      }
    }

    void run(
        GoldenCase golden,
        GoldenTensors tensors,
        EngineSession session,
        String prefix,
        AfterSegment after) {
      try (EngineSession.Run run = session.compile(graph)) {
        int seen = 0;
        for (int segment = 0; segment < golden.hyper("segments"); segment++) {
          String name = "seg" + segment + ".";
          float[] weights = tensors.floats(name + "g");
          run.feed(x, tensors.floats(name + "x")).feed(g, weights).feed(filled, seen).run();
          float[] ours = run.fetch(out);
          tensors.compare(name + "out", ours);
          tensors.compare(name + "loss", GoldenRunner.dot(ours, weights));
          tensors.compare(name + "grad_x", run.fetch(gradientOfX));
          GoldenRunner.compareGradients(layer, prefix, name, tensors, gradients, run);
          after.check(segment, run);
          seen = memory.filledAfter(seen, x.shape().size(1));
        }
      }
    }
  }
}
