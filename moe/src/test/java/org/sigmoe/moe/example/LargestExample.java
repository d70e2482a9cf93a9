package org.sigmoe.moe.example;

import java.util.Random;
import org.sigmoe.moe.MixtureOfExperts;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
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
    AdamWUpdate update = AdamW.adam().minimise(loss, mixture.parameters());

    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      mixture.initialise(engine, 1);
      try (Program program = engine.compile(graph)) {
        float[] rows = rows();
        program.feed(numbers, rows);
        program.feed(largest, classes(rows));
        for (int step = 1; step <= STEPS; step++) {
          program.feed(context.dropoutKey(), 1, step);
          update.feed(program, step, 0.01);
          program.run();
        }
        return program.fetchFloats(nll)[0];
      }
    }
  }

  /** Three random numbers and a 1, in place of a bias. */
  private static float[] rows() {
    Random random = new Random(1);
    float[] rows = new float[4 * ROWS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 4 == 3 ? 1 : random.nextFloat(-1, 1);
    }
    return rows;
  }

  private static int[] classes(float[] rows) {
    int[] classes = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 1; i < 3; i++) {
        classes[row] = rows[4 * row + i] > rows[4 * row + classes[row]] ? i : classes[row];
      }
    }
    return classes;
  }
}
