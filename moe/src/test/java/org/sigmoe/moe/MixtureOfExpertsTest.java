package org.sigmoe.moe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.moe.balance.Balance;
import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.balance.NoBalance;
import org.sigmoe.moe.balance.SwitchBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.NoisyRouter;
import org.sigmoe.moe.router.Router;
import org.sigmoe.moe.router.SigmoidRouter;
import org.sigmoe.moe.router.SoftmaxRouter;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Footprint;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.EngineSession;

/** What the layer is made of, and what options change. */
class MixtureOfExpertsTest {
  private static final Placement PLACEMENT = new Placement("layers.0", 6, 2, 0);

  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  private static Mixture mixture(Router router, Balance balance, ExpertOptions options) {
    return new Mixture(
        4, 5, 2, router, balance, 0, HiddenDropout.NONE, Initialisation.PAPER, options);
  }

  private static ExpertOptions options(
      Biases biases, int sharedSize, double zLoss, double capacityFactor) {
    return new ExpertOptions(Nonlinearity.RELU, biases, sharedSize, zLoss, capacityFactor);
  }

  @Test
  void parametersAreNamedAsInThePapersCode() {
    assertEquals(
        List.of(
            "layers.0.pkm.keys f32[4,6,5]",
            "layers.0.pkm.values f32[4,5,6]",
            "layers.0.pkm.expert_sel f32[4,6]"),
        names(SigmaMoeConfig.of(4, 5, 2).build(PLACEMENT)));
    assertEquals(
        List.of(
            "layers.0.pkm.keys f32[4,6,5]",
            "layers.0.pkm.values f32[4,5,9]",
            "layers.0.pkm.expert_sel f32[4,6]",
            "layers.0.pkm.noise_sel f32[4,6]",
            "layers.0.pkm.bias f32[4,5]",
            "layers.0.pkm.o_bias f32[9]",
            "layers.0.pkm.shared.linear1.weight f32[3,6]",
            "layers.0.pkm.shared.linear1.bias f32[3]",
            "layers.0.pkm.shared.linear2.weight f32[9,3]"),
        names(
            new MixtureOfExperts(
                PLACEMENT,
                9,
                mixture(new NoisyRouter(), new NoBalance(), options(Biases.ALL, 3, 0, 0)))));
  }

  private static List<String> names(FeedForward block) {
    return block.parameters().stream().map(Parameter::toString).toList();
  }

  @Test
  void costGrowsWithTheExpertsOfATokenAndHardlyWithAll() {
    Footprint few = footprint(SigmaMoeConfig.of(8, 16, 2));
    Footprint more = footprint(SigmaMoeConfig.of(8, 16, 4));
    Footprint many = footprint(SigmaMoeConfig.of(16, 16, 2));
    assertEquals(8L * (2 * 32 * 16 + 32), few.parameters());
    assertTrue(more.flopsPerToken() > 1.7 * few.flopsPerToken());
    assertTrue(many.flopsPerToken() < 1.3 * few.flopsPerToken());
  }

  private static Footprint footprint(FeedForwardConfig config) {
    return config.build(new Placement("layer", 32, 1, 0)).footprint(2, 8);
  }

  @Test
  void lossesArePartOfTrainingAlone() {
    FeedForward block = SigmaMoeConfig.of(4, 5, 2).build(PLACEMENT);
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(3, 6));
    assertNull(block.apply(BuildContext.evaluation(graph), x).auxiliaryLoss());
    assertNotNull(block.apply(BuildContext.training(graph), x).auxiliaryLoss());
    FeedForward unregularised =
        new MixtureOfExperts(
            PLACEMENT, mixture(new SigmoidRouter(), new NoBalance(), ExpertOptions.defaults()));
    Graph other = new Graph();
    Value input = other.input("x", TensorType.f32(3, 6));
    assertNull(unregularised.apply(BuildContext.training(other), input).auxiliaryLoss());
  }

  @Test
  void analysisIsOfferedExpertsAndTheirWeights() {
    Graph graph = new Graph();
    BuildContext context = BuildContext.observing(graph);
    SigmaMoeConfig.of(4, 5, 2)
        .build(PLACEMENT)
        .apply(context, graph.input("x", TensorType.f32(3, 6)));
    assertEquals(
        List.of(Observed.EXPERTS, Observed.EXPERT_WEIGHTS),
        context.observations().stream().map(Observation::what).toList());
    assertEquals(
        List.of(TensorType.i32(3, 2), TensorType.f32(3, 2)),
        context.observations().stream().map(seen -> seen.value().type()).toList());
  }

  /** Product and loss of a block of which every parameter is {@code element}. */
  private record Run(float[] product, float loss) {}

  private static Run run(EngineProvider engine, Mixture mixture, boolean training, int tokens) {
    FeedForward block = new MixtureOfExperts(PLACEMENT, mixture);
    Graph graph = new Graph();
    BuildContext context = training ? BuildContext.training(graph) : BuildContext.evaluation(graph);
    Value x = graph.input("x", TensorType.f32(tokens, 6));
    FeedForward.Output output = block.apply(context, x);
    graph.output(output.product());
    if (output.auxiliaryLoss() != null) {
      graph.output(output.auxiliaryLoss());
    }
    try (EngineSession session = EngineSession.open(engine);
        EngineSession.Run run = session.compile(graph)) {
      for (Parameter parameter : block.parameters()) {
        float[] elements = new float[Math.toIntExact(parameter.shape().elements())];
        Arrays.fill(elements, parameter.name().endsWith("_sel") ? 0 : 0.5f);
        session.write(parameter.variable(), elements);
      }
      if (context.dropoutKey() != null) {
        run.feed(context.dropoutKey(), 1, 1);
      }
      float[] ones = new float[tokens * 6];
      Arrays.fill(ones, 1);
      run.feed(x, ones).run();
      return new Run(
          run.fetch(output.product()),
          output.auxiliaryLoss() == null ? 0 : run.fetch(output.auxiliaryLoss())[0]);
    }
  }

  /** Two experts of weight 1/2, each 5 units of 3 times 1/2. */
  private static final float EQUAL = 2 * 0.5f * 5 * 3 * 0.5f;

  @ParameterizedTest
  @MethodSource("engines")
  void sharedExpertIsAddedWithWeightOne(EngineProvider engine) {
    Mixture alone = mixture(new SigmoidRouter(), new NoBalance(), options(Biases.NONE, 0, 0, 0));
    Mixture shared = mixture(new SigmoidRouter(), new NoBalance(), options(Biases.NONE, 3, 0, 0));
    assertArrayEquals(filled(18, EQUAL), run(engine, alone, true, 3).product(), 1e-5f);
    assertArrayEquals(
        filled(18, EQUAL + 3 * 3 * 0.5f), run(engine, shared, true, 3).product(), 1e-5f);
  }

  private static float[] filled(int count, float element) {
    float[] elements = new float[count];
    Arrays.fill(elements, element);
    return elements;
  }

  /** Equal scores: all 8 tokens take experts 0 and 1, which have room for 1.5 * 16 / 4 = 6. */
  @ParameterizedTest
  @MethodSource("engines")
  void tokensBeyondTheCapacityOfTheirExpertsAreLeftOutInTraining(EngineProvider engine) {
    Mixture limited =
        mixture(new SigmoidRouter(), new NoBalance(), options(Biases.NONE, 0, 0, 1.5));
    float[] product = run(engine, limited, true, 8).product();
    assertArrayEquals(filled(36, EQUAL), Arrays.copyOf(product, 36), 1e-5f);
    assertArrayEquals(filled(12, 0), Arrays.copyOfRange(product, 36, 48), 0);
    assertArrayEquals(filled(48, EQUAL), run(engine, limited, false, 8).product(), 1e-5f);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void balancesHaveTheirKnownValuesWhereProbabilitiesAreEqual(EngineProvider engine) {
    Router softmax = new SoftmaxRouter();
    ExpertOptions none = ExpertOptions.defaults();
    assertLoss(-0.1 * Math.log(4), engine, mixture(softmax, new EntropyBalance(0.1), none));
    // Whatever the fractions: E * sum of f / E.
    assertLoss(0.1, engine, mixture(softmax, new SwitchBalance(0.1, Compat.NONE), none));
    assertLoss(0.1 / 16, engine, mixture(softmax, new SwitchBalance(0.1, Compat.PAPER_CODE), none));
    double logSumExp = Math.log(4);
    assertLoss(
        0.1 * logSumExp * logSumExp,
        engine,
        mixture(softmax, new NoBalance(), options(Biases.NONE, 0, 0.1, 0)));
    assertLoss(
        0.1 * logSumExp * logSumExp - 0.1 * logSumExp,
        engine,
        mixture(softmax, new EntropyBalance(0.1), options(Biases.NONE, 0, 0.1, 0)));
  }

  private static void assertLoss(double expected, EngineProvider engine, Mixture mixture) {
    assertEquals(expected, run(engine, mixture, true, 8).loss(), 1e-6);
  }
}
