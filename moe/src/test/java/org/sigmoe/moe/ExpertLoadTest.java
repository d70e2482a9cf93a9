package org.sigmoe.moe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.reference.ReferenceEngineProvider;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.Candidate;
import org.sigmoe.nn.testing.Comparison;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.Scenario;

/** Extremes of how tokens are spread over experts, on every engine. */
class ExpertLoadTest {

  static List<Candidate> candidates() {
    return Candidate.atHand();
  }

  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  /** Without the reference, which takes long for a million tokens. */
  static List<EngineProvider> fastEngines() {
    return engines().stream()
        .filter(engine -> !engine.name().equals(ReferenceEngineProvider.NAME))
        .toList();
  }

  /** A training graph of a block: output, loss and all gradients are outputs. */
  private static final class Training {
    final Graph graph = new Graph();
    final BuildContext context = BuildContext.training(graph);
    final FeedForward block;
    final Value x;
    final Value g;
    final Value y;
    final List<Value> gradients;

    Training(FeedForward block, int tokens) {
      TensorType type = TensorType.f32(tokens, block.dModel());
      this.block = block;
      this.x = graph.input("x", type);
      this.g = graph.input("g", type);
      FeedForward.Output output = block.apply(context, x);
      this.y = graph.output(output.product());
      Map<Value, Value> seeds = new HashMap<>(Map.of(y, g));
      seeds.put(
          graph.output(output.auxiliaryLoss()),
          graph.constant("one", Shape.scalar(), () -> new float[] {1}));
      List<Value> wrt = new ArrayList<>(List.of(x));
      block.parameters().forEach(parameter -> wrt.add(context.read(parameter)));
      this.gradients = Gradients.of(seeds, wrt);
      gradients.forEach(graph::output);
    }
  }

  /** Logits are x's sum times 0, 1, 2 or 3: expert 3 takes every token and the others none. */
  @ParameterizedTest
  @MethodSource("candidates")
  void oneExpertTakesEveryTokenAndOthersNone(Candidate candidate) {
    int dModel = 12;
    int tokens = 77;
    Random random = new Random(1);
    Training training =
        new Training(
            SigmaMoeConfig.of(4, 20, 1).build(new Placement("layer", dModel, 1, 0)), tokens);
    Scenario scenario = new Scenario(training.graph);
    Scenario.Step step = scenario.step();
    for (Parameter parameter : training.block.parameters()) {
      double[] elements =
          random
              .doubles(parameter.shape().elements(), 0.1, 0.5)
              .map(element -> (float) element)
              .toArray();
      if (parameter.name().endsWith("expert_sel")) {
        for (int i = 0; i < elements.length; i++) {
          elements[i] = i / dModel * 0.125;
        }
      }
      step.write(parameter.variable(), elements);
    }
    step.feed(training.context.dropoutKey(), 1, 1);
    step.feed(training.x, floats(random, tokens * dModel));
    step.feed(training.g, floats(random, tokens * dModel));
    new Comparison(scenario).check(candidate);
  }

  private static double[] floats(Random random, int count) {
    return random.doubles(count, 0.1, 1).map(element -> (float) element).toArray();
  }

  /** The gradients of experts without a token are exactly zero. */
  @ParameterizedTest
  @MethodSource("engines")
  void expertsWithoutTokensGetNoGradient(EngineProvider engine) {
    int dModel = 8;
    Training training =
        new Training(SigmaMoeConfig.of(4, 6, 1).build(new Placement("layer", dModel, 1, 0)), 9);
    try (EngineSession session = EngineSession.open(engine);
        EngineSession.Run run = session.compile(training.graph)) {
      for (Parameter parameter : training.block.parameters()) {
        float[] elements = new float[Math.toIntExact(parameter.shape().elements())];
        for (int i = 0; i < elements.length; i++) {
          boolean selection = parameter.name().endsWith("expert_sel");
          elements[i] = selection ? i / dModel * 0.125f : 0.25f;
        }
        session.write(parameter.variable(), elements);
      }
      run.feed(training.context.dropoutKey(), 1, 1)
          .feed(training.x, filled(9 * dModel, 0.5f))
          .feed(training.g, filled(9 * dModel, 1))
          .run();
      for (int matrix = 1; matrix <= 2; matrix++) {
        float[] gradient = run.fetch(training.gradients.get(matrix));
        for (int i = 0; i < gradient.length; i++) {
          assertEquals(i >= gradient.length / 4 * 3, gradient[i] != 0, "element " + i);
        }
      }
    }
  }

  private static float[] filled(int count, float element) {
    float[] elements = new float[count];
    Arrays.fill(elements, element);
    return elements;
  }

  /**
   * E = 4, K = 1, 9 of 10 experts dropped, over a million tokens: nothing but numbers, no expert
   * out of range, and exactly nothing for the 66% of tokens without an expert left.
   */
  @ParameterizedTest
  @MethodSource("fastEngines")
  void aTokenWhoseExpertsAreAllDroppedGetsZero(EngineProvider engine) {
    int dModel = 4;
    int tokens = 50_000;
    int runs = 20;
    SigmaMoeConfig config =
        new SigmaMoeConfig(
            4, 4, 1, 1e-3, 0.9, HiddenDropout.NONE, Initialisation.PAPER, ExpertOptions.defaults());
    MixtureOfExperts block =
        new MixtureOfExperts(new Placement("layer", dModel, 1, 0), config.mixture());
    Training training = new Training(block, tokens);
    Value experts = training.graph.output(selected(training.graph));
    long zeros = 0;
    try (EngineSession session = EngineSession.open(engine);
        EngineSession.Run run = session.compile(training.graph)) {
      Random random = new Random(1);
      for (Parameter parameter : block.parameters()) {
        session.write(parameter.variable(), positive(random, parameter.shape().elements()));
      }
      float[] x = positive(random, (long) tokens * dModel);
      run.feed(training.x, x).feed(training.g, x);
      for (int step = 0; step < runs; step++) {
        run.feed(training.context.dropoutKey(), 1, step).run();
        zeros += checkOutput(run.fetch(training.y), dModel);
        for (int expert : run.fetchIntegers(experts)) {
          assertTrue(expert >= 0 && expert < 4, "expert " + expert);
        }
        for (Value gradient : training.gradients) {
          for (float element : run.fetch(gradient)) {
            assertTrue(Float.isFinite(element), "gradient " + element);
          }
        }
      }
    }
    // Standard deviation 0.0005.
    assertEquals(Math.pow(0.9, 4), (double) zeros / (runs * (long) tokens), 0.0025);
  }

  /** All weights are positive, so that an expert that is used gives more than 0 everywhere. */
  private static long checkOutput(float[] y, int dModel) {
    long zeros = 0;
    for (int token = 0; token < y.length / dModel; token++) {
      int nothing = 0;
      for (int i = 0; i < dModel; i++) {
        float element = y[token * dModel + i];
        assertTrue(element >= 0 && Float.isFinite(element), "output " + element);
        nothing += element == 0 ? 1 : 0;
      }
      assertTrue(nothing == 0 || nothing == dModel, "a token got part of an output");
      zeros += nothing == 0 ? 0 : 1;
    }
    return zeros;
  }

  private static float[] positive(Random random, long count) {
    float[] elements = new float[Math.toIntExact(count)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = random.nextFloat(0.1f, 1);
    }
    return elements;
  }

  private static Value selected(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof TopK)
        .findFirst()
        .orElseThrow()
        .result(0);
  }
}
