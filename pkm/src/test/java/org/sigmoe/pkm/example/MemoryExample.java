package org.sigmoe.pkm.example;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Gradients;
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
    List<Value> gradients = Gradients.of(loss, parameters.stream().map(context::read).toList());
    Map<Parameter, Value> byParameter = new LinkedHashMap<>();
    for (int i = 0; i < gradients.size(); i++) {
      byParameter.put(parameters.get(i), gradients.get(i));
    }
    AdamWUpdate update = AdamW.adam().append(byParameter);

    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Arena arena = Arena.ofConfined()) {
      for (Parameter parameter : parameters) {
        MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), 4);
        parameter.initialise(1, elements);
        engine.write(parameter.variable(), elements);
      }
      try (Program program = engine.compile(graph)) {
        feed(program, points, labels, arena);
        MemorySegment schedule = arena.allocate(AdamWUpdate.Schedule.BYTES, 4);
        for (int step = 1; step <= STEPS; step++) {
          for (AdamWUpdate.Schedule group : update.schedules()) {
            group.write(step, 0.01, schedule);
            program.feed(group.input(), schedule);
          }
          program.run();
        }
        MemorySegment result = arena.allocate(Float.BYTES, 4);
        program.fetch(loss, result);
        return result.get(ValueLayout.JAVA_FLOAT, 0);
      }
    }
  }

  private static void feed(Program program, Value points, Value labels, Arena arena) {
    MemorySegment places = arena.allocate(points.type().bytes(), 4);
    MemorySegment classes = arena.allocate(labels.type().bytes(), 4);
    Random random = new Random(1);
    for (int i = 0; i < POINTS * WIDTH; i++) {
      places.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    for (int i = 0; i < POINTS; i++) {
      classes.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(CLASSES));
    }
    program.feed(points, places);
    program.feed(labels, classes);
  }
}
