package org.sigmoe.pkm.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.pkm.PkmConfig;

/** A product-key memory on its own learns by heart which class each of many random points has. */
final class MemoryExample {
  private static final int POINTS = 128;
  private static final int WIDTH = 16;
  private static final int CLASSES = 4;
  private static final int STEPS = 200;

  private MemoryExample() {}

  /** Trains a memory of 256 values, 8 of them selected by each head, and returns its last loss. */
  static float train() {
    FeedForward memory =
        PkmConfig.topK(16, 2, 8).build(new FeedForwardConfig.Placement("memory", WIDTH, 1, 0));
    Linear classes = Linear.unbiased("classes", WIDTH, CLASSES, Initializer.linearDefault(WIDTH));
    List<Parameter> parameters = new ArrayList<>(memory.parameters());
    parameters.addAll(classes.parameters());

    // One step, described once: forward, loss, gradients, update.
    Graph graph = new Graph();
    BuildContext context = BuildContext.training(graph);
    Value points = graph.input("points", TensorType.f32(POINTS, WIDTH));
    Value labels = graph.input("labels", TensorType.i32(POINTS));
    Value recalled = memory.apply(context, points).addTo(points, null);
    Value loss = Mean.of(CrossEntropy.of(classes.apply(context, recalled), labels));
    graph.output(loss);
    AdamWUpdate update = AdamW.adam().minimise(loss, parameters);

    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      memory.initialise(engine, 1);
      classes.initialise(engine, 1);
      try (Program program = engine.compile(graph)) {
        Random random = new Random(1);
        program.feed(points, random(POINTS * WIDTH, random));
        program.feed(labels, random.ints(POINTS, 0, CLASSES).toArray());
        for (int step = 1; step <= STEPS; step++) {
          update.feed(program, step, 0.01);
          program.run();
        }
        return program.fetchFloats(loss)[0];
      }
    }
  }

  private static float[] random(int count, Random random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
