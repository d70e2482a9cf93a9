package org.sigmoe.nn.example;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
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
    AdamWUpdate update = AdamW.adam().minimise(loss, parameters);

    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      hidden.initialise(engine, 1);
      output.initialise(engine, 1);
      try (Program program = engine.compile(graph)) {
        float[] places = places();
        program.feed(points, places);
        program.feed(inside, classes(places));
        for (int step = 1; step <= STEPS; step++) {
          update.feed(program, step, 0.01);
          program.run();
        }
        return program.fetchFloats(loss)[0];
      }
    }
  }

  private static Linear linear(String name, int in, int out) {
    Initializer initializer = Initializer.linearDefault(in);
    return Linear.biased(name, in, out, initializer, initializer);
  }

  private static float[] places() {
    Random random = new Random(1);
    float[] places = new float[2 * POINTS];
    for (int i = 0; i < places.length; i++) {
      places[i] = random.nextFloat(-1, 1);
    }
    return places;
  }

  private static int[] classes(float[] places) {
    int[] classes = new int[POINTS];
    for (int i = 0; i < POINTS; i++) {
      double x = places[2 * i];
      double y = places[2 * i + 1];
      classes[i] = x * x + y * y < 0.5 ? 1 : 0;
    }
    return classes;
  }
}
