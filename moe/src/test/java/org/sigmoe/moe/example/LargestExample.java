package org.sigmoe.moe.example;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.sigmoe.moe.MixtureOfExperts;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;

/** A mixture of experts in a loop of one's own: it learns which of three numbers is the largest. */
final class LargestExample {
  private static final int ROWS = 512;
  private static final int STEPS = 300;

  private LargestExample() {}

  /** Trains the block and returns its last mean negative log-likelihood, in nats. */
  static float train() {
    // 8 experts of 16 units, 2 for each row; from 4 numbers to the logits of 3 classes.
    Placement placement = new Placement("mixture", 4, 1, 0);
    FeedForward mixture = new MixtureOfExperts(placement, 3, SigmaMoeConfig.of(8, 16, 2).mixture());

    // One step, described once: forward, loss, gradients, update.
    Graph graph = new Graph();
    BuildContext context = BuildContext.training(graph);
    Value numbers = graph.input("numbers", TensorType.f32(ROWS, 4));
    Value largest = graph.input("largest", TensorType.i32(ROWS));
    FeedForward.Output output = mixture.apply(context, numbers);
    Value nll = graph.output(Mean.of(CrossEntropy.of(output.product(), largest)));
    Value loss = Add.of(nll, output.auxiliaryLoss());
    List<Parameter> parameters = mixture.parameters();
    List<Value> found = Gradients.of(loss, parameters.stream().map(context::read).toList());
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      gradients.put(parameters.get(i), found.get(i));
    }
    AdamWUpdate update = AdamW.adam().append(gradients);

    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Arena arena = Arena.ofConfined()) {
      for (Parameter parameter : parameters) {
        MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), 4);
        parameter.initialise(1, elements);
        engine.write(parameter.variable(), elements);
      }
      try (Program program = engine.compile(graph)) {
        feedRows(program, numbers, largest, arena);
        MemorySegment schedule = arena.allocate(AdamWUpdate.Schedule.BYTES, 4);
        for (int step = 1; step <= STEPS; step++) {
          program.feed(context.dropoutKey(), arena.allocateFrom(ValueLayout.JAVA_INT, 1, step));
          for (AdamWUpdate.Schedule group : update.schedules()) {
            group.write(step, 0.01, schedule);
            program.feed(group.input(), schedule);
          }
          program.run();
        }
        MemorySegment result = arena.allocate(Float.BYTES, 4);
        program.fetch(nll, result);
        return result.get(ValueLayout.JAVA_FLOAT, 0);
      }
    }
  }

  /** Three random numbers and a 1, in place of a bias. */
  private static void feedRows(Program program, Value numbers, Value largest, Arena arena) {
    MemorySegment rows = arena.allocate(16L * ROWS, 4);
    MemorySegment classes = arena.allocate(4L * ROWS, 4);
    Random random = new Random(1);
    for (int row = 0; row < ROWS; row++) {
      int best = 0;
      for (int i = 0; i < 3; i++) {
        rows.setAtIndex(ValueLayout.JAVA_FLOAT, 4L * row + i, random.nextFloat(-1, 1));
        float now = rows.getAtIndex(ValueLayout.JAVA_FLOAT, 4L * row + i);
        best = now > rows.getAtIndex(ValueLayout.JAVA_FLOAT, 4L * row + best) ? i : best;
      }
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, 4L * row + 3, 1);
      classes.setAtIndex(ValueLayout.JAVA_INT, row, best);
    }
    program.feed(numbers, rows);
    program.feed(largest, classes);
  }
}
