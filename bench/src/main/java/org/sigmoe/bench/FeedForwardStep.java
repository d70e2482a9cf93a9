package org.sigmoe.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
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
 * One feed-forward block, forward and backward: its result, the end of the residual branch, and the
 * gradients for input and parameters, its regulariser's share included. Input and gradient of the
 * result are normally distributed; there is no dropout.
 */
public final class FeedForwardStep implements AutoCloseable {
  private static final int LAYERS = 16;
  private static final long SEED = 1;

  private final Engine engine;
  private final Program program;

  /** Compiles and initialises a block on the CPU engine, for input [batch, context, dModel]. */
  public FeedForwardStep(FeedForwardConfig config, Shape input, EngineOptions options) {
    FeedForwardConfig.Placement placement =
        new FeedForwardConfig.Placement("block", input.columns(), LAYERS, 0);
    FeedForward block = config.build(placement);
    Graph graph = new Graph();
    BuildContext context = BuildContext.training(graph);
    TensorType type = TensorType.f32(input.size(0), input.size(1), input.size(2));
    Value x = graph.input("x", type);
    Value dy = graph.input("dy", type);
    differentiate(graph, context, block, x, dy);
    engine = Engines.open("cpu", options);
    block.parameters().forEach(this::initialise);
    program = engine.compile(graph);
    SplittableRandom random = new SplittableRandom(SEED);
    feedNormal(x, random);
    feedNormal(dy, random);
    Value key = Objects.requireNonNull(context.dropoutKey(), "a training graph has a key");
    program.feed(key, MemorySegment.ofArray(new int[2]));
  }

  private static void differentiate(
      Graph graph, BuildContext context, FeedForward block, Value x, Value dy) {
    FeedForward.Output output = block.apply(context, x);
    Value y = graph.output(output.addTo(x, null));
    Map<Value, Value> seeds = new HashMap<>(Map.of(y, dy));
    if (output.auxiliaryLoss() != null) {
      Value one = graph.constant("one", Shape.scalar(), () -> new float[] {1});
      seeds.put(output.auxiliaryLoss(), one);
    }
    List<Value> wanted = new ArrayList<>(List.of(x));
    block.parameters().forEach(parameter -> wanted.add(context.read(parameter)));
    Gradients.of(seeds, wanted).forEach(graph::output);
  }

  private void initialise(Parameter parameter) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), Float.BYTES);
      parameter.initialise(SEED, elements);
      engine.write(parameter.variable(), elements);
    }
  }

  private void feedNormal(Value input, SplittableRandom random) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(input.type().bytes(), Float.BYTES);
      for (long i = 0; i < input.shape().elements(); i++) {
        elements.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
      }
      program.feed(input, elements);
    }
  }

  /** Forward and backward once. */
  public void run() {
    program.run();
  }

  @Override
  public void close() {
    program.close();
    engine.close();
  }
}
