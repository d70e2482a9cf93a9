package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;

class AdamTest {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  @TestFactory
  Stream<DynamicNode> severalSteps() {
    return Stream.of(new int[][] {{1}, {2}, {17}, {3, 5, 7}, {31, 33}, {65, 64}, {200, 301}})
        .flatMap(sizes -> OpTests.of(TensorType.f32(sizes).toString(), scenario(sizes)));
  }

  /** One parameter with its optimiser state, and what a step is fed. */
  private static final class Update {
    final Graph graph = new Graph();
    final Variable parameter;
    final Variable mean;
    final Variable meanSquare;
    final Value gradient;
    final Value factor = graph.input("factor", TensorType.f32(1));
    final Value schedule = graph.input("schedule", TensorType.f32(3));

    Update(int... sizes) {
      TensorType type = TensorType.f32(sizes);
      parameter = new Variable("parameter", type);
      mean = new Variable("mean", type);
      meanSquare = new Variable("meanSquare", type);
      gradient = graph.input("gradient", type);
      List<Value> held = Stream.of(parameter, mean, meanSquare).map(graph::read).toList();
      graph.apply(
          new Adam(BETA_1, BETA_2, EPSILON),
          held.get(0),
          held.get(1),
          held.get(2),
          gradient,
          factor,
          schedule);
    }
  }

  private static Scenario scenario(int... sizes) {
    Update update = new Update(sizes);
    int count = Math.toIntExact(update.parameter.shape().elements());
    RandomGenerator random = new SplittableRandom(count);
    Scenario scenario = new Scenario(update.graph);
    for (int t = 1; t <= 5; t++) {
      Scenario.Step step =
          scenario
              .step()
              .feed(update.gradient, Fill.normal(0.01).elements(count, random))
              .feed(update.factor, t % 2 == 0 ? 1 : 0.25)
              .feed(update.schedule, schedule(t, 1e-2, 0.1));
      if (t == 1) {
        step.write(update.parameter, Fill.normal(1).elements(count, random));
      }
    }
    return scenario;
  }

  private static double[] schedule(int t, double rate, double weightDecay) {
    double stepSize = rate / (1 - Math.pow(BETA_1, t));
    double correction = Math.sqrt(1 - Math.pow(BETA_2, t));
    return new double[] {(float) stepSize, (float) correction, (float) (1 - rate * weightDecay)};
  }

  /** With the first gradient, mean / sqrt(mean square) is its sign, whatever its size. */
  @Test
  void firstStepMovesByTheLearningRateAgainstTheSign() {
    Update update = new Update(3);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(update.graph)) {
      engine.write(update.parameter, new double[] {1, 2, 3});
      program.feed(update.gradient, new double[] {1e-3, -50, 7});
      program.feed(update.factor, new double[] {1});
      program.feed(update.schedule, schedule(1, 0.125, 0));
      program.run();
      assertArrayEquals(new double[] {0.875, 2.125, 2.875}, engine.read(update.parameter), 1e-4);
    }
  }

  /**
   * As {@code torch.optim.AdamW} does it, in exact steps by hand: decay, moments of gradient times
   * factor, step.
   */
  @Test
  void secondStepFollowsTheFormula() {
    Update update = new Update(1);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(update.graph)) {
      engine.write(update.parameter, new double[] {2});
      engine.write(update.mean, new double[] {0.5});
      engine.write(update.meanSquare, new double[] {0.25});
      program.feed(update.gradient, new double[] {6});
      program.feed(update.factor, new double[] {0.5});
      program.feed(update.schedule, new double[] {0.25, 0.5, 0.75});
      program.run();
      double mean = 0.5 * BETA_1 + 3 * (1 - (double) BETA_1);
      double meanSquare = 0.25 * BETA_2 + 9 * (1 - (double) BETA_2);
      double parameter = 2 * 0.75 - 0.25 * mean / (Math.sqrt(meanSquare) / 0.5 + EPSILON);
      assertEquals(mean, engine.read(update.mean)[0], 1e-15);
      assertEquals(meanSquare, engine.read(update.meanSquare)[0], 1e-15);
      assertEquals(parameter, engine.read(update.parameter)[0], 1e-15);
    }
  }
}
