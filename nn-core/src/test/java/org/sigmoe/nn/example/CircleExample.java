package org.sigmoe.nn.example;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;

/** nn-core on its own: a two-layer network learns which points of a square lie in a circle. */
final class CircleExample {
  private static final int POINTS = 256;
  private static final int STEPS = 300;

  private CircleExample() {}

  /** Trains the network and returns its last loss, in nats. */
  static float train() {
    Linear hidden = linear("hidden", 2, 32);
    Linear output = linear("output", 32, 2);
    List<Parameter> parameters =
        Stream.of(hidden, output).flatMap(layer -> layer.parameters().stream()).toList();

    // One step, described once: forward, loss, gradients, update.
    Graph graph = new Graph();
    BuildContext context = BuildContext.evaluation(graph);
    Value points = graph.input("points", TensorType.f32(POINTS, 2));
    Value inside = graph.input("inside", TensorType.i32(POINTS));
    Value active = Activate.of(Activation.RELU, hidden.apply(context, points), null, null);
    Value loss = Mean.of(CrossEntropy.of(output.apply(context, active), inside));
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
        feedPoints(program, points, inside, arena);
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

  private static Linear linear(String name, int in, int out) {
    Initializer initializer = Initializer.linearDefault(in);
    return Linear.biased(name, in, out, initializer, initializer);
  }

  private static void feedPoints(Program program, Value points, Value inside, Arena arena) {
    MemorySegment places = arena.allocate(8L * POINTS, 4);
    MemorySegment classes = arena.allocate(4L * POINTS, 4);
    Random random = new Random(1);
    for (int i = 0; i < POINTS; i++) {
      float x = random.nextFloat(-1, 1);
      float y = random.nextFloat(-1, 1);
      places.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i, x);
      places.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + 1, y);
      classes.setAtIndex(ValueLayout.JAVA_INT, i, x * x + y * y < 0.5f ? 1 : 0);
    }
    program.feed(points, places);
    program.feed(inside, classes);
  }
}
