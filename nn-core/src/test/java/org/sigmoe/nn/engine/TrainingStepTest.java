package org.sigmoe.nn.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.testing.Candidate;
import org.sigmoe.nn.testing.Comparison;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.TrainingStep;

/** All ops together: a language model in training. */
class TrainingStepTest {
  private static final int STEPS = 4;

  @TestFactory
  Stream<DynamicNode> enginesTrainAsTheReferenceDoes() {
    Comparison comparison = new Comparison(new TrainingStep(2, Activation.RELU).scenario(STEPS));
    return candidates(true, comparison::check);
  }

  /**
   * Losses, norms and parameters, not the optimiser's state: in the mean squares an error counts
   * twice, and the gradient of an attention's scale is a sum of terms that cancel. Without ReLU,
   * which turns a rounding about 0 into the whole of a gradient.
   */
  @TestFactory
  Stream<DynamicNode> enginesThatRoundTrainAlmostAsTheReferenceDoes() {
    TrainingStep training = new TrainingStep(2, Activation.IDENTITY);
    Comparison comparison = new Comparison(training.scenario(STEPS));
    return candidates(
        false, candidate -> comparison.check(candidate, training.parameters()::contains));
  }

  private static Stream<DynamicNode> candidates(boolean exact, Consumer<Candidate> test) {
    return Candidate.atHand().stream()
        .filter(candidate -> exact == (candidate.options().precision() == Precision.F32))
        .map(
            candidate ->
                DynamicTest.dynamicTest(candidate.toString(), () -> test.accept(candidate)));
  }

  @TestFactory
  Stream<DynamicNode> theSameStepsGiveTheSameBits() {
    Scenario scenario = new TrainingStep(2, Activation.RELU).scenario(STEPS);
    return Candidate.atHand().stream()
        .map(
            candidate ->
                DynamicTest.dynamicTest(
                    candidate.toString(),
                    () -> {
                      List<double[]> first = results(scenario, candidate);
                      List<double[]> second = results(scenario, candidate);
                      for (int i = 0; i < first.size(); i++) {
                        assertArrayEquals(first.get(i), second.get(i));
                      }
                    }));
  }

  private static List<double[]> results(Scenario scenario, Candidate candidate) {
    List<double[]> results = new ArrayList<>();
    try (Engine engine = candidate.open();
        Program program = engine.compile(scenario.graph())) {
      for (Scenario.Step step : scenario.steps()) {
        Comparison.run(step, engine, program);
        for (Value output : scenario.graph().outputs()) {
          results.add(Comparison.fetch(program, output));
        }
      }
      for (Variable variable : scenario.graph().variables()) {
        results.add(Comparison.read(engine, variable));
      }
    }
    return results;
  }

  /** Guards the tests above: a model that does not learn would make them easy. */
  @Test
  void theLossFallsOnTheSameBatch() {
    TrainingStep training = new TrainingStep(1, Activation.RELU);
    Scenario.Step step = training.scenario(1).steps().getFirst();
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(training.graph())) {
      step.writes().forEach(engine::write);
      step.feeds().forEach(program::feed);
      program.run();
      double before = program.fetch(training.loss())[0];
      for (int i = 0; i < 30; i++) {
        program.run();
      }
      double after = program.fetch(training.loss())[0];
      assertTrue(after < 0.8 * before, before + " nats became " + after);
    }
  }
}
