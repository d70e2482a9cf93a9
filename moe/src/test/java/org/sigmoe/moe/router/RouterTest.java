package org.sigmoe.moe.router;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.testing.EngineSession;

/** What each router selects and how it weights that, on every engine. */
class RouterTest {
  private static final int EXPERTS = 4;
  private static final float[] LOGITS = {1, 3, 2, -1, /* second token */ 0.5f, -2, 4, 0};
  private static final List<Router> MASKED =
      List.of(
          new SigmoidRouter(),
          new SoftmaxRouter(),
          new RenormalisedRouter(Compat.NONE),
          new SinkhornRouter(3, Compat.NONE),
          new SinkhornRouter(3, Compat.PAPER_CODE));

  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  /** What a router gave for logits [N, 4]. */
  private record Given(int[] experts, float[] weights) {}

  private static Given route(
      EngineProvider engine, Router router, int k, boolean training, float[] logits, float[] kept) {
    int tokens = logits.length / EXPERTS;
    Graph graph = new Graph();
    BuildContext context = training ? BuildContext.training(graph) : BuildContext.evaluation(graph);
    TensorType type = TensorType.f32(tokens, EXPERTS);
    Value x = graph.input("logits", type);
    Value mask = graph.input("kept", type);
    Value noise = router.noisy() ? graph.input("noise", type) : null;
    ExpertMask dropped = kept == null ? null : scores -> Multiply.of(scores, mask);
    Routing routing = router.route(new RouterInput(context, x, noise, dropped, k));
    graph.output(routing.experts());
    graph.output(routing.weights());
    try (EngineSession session = EngineSession.open(engine);
        EngineSession.Run run = session.compile(graph)) {
      if (context.dropoutKey() != null) {
        run.feed(context.dropoutKey(), 1, 1);
      }
      if (noise != null) {
        run.feed(noise, new float[logits.length]);
      }
      run.feed(x, logits).feed(mask, kept == null ? new float[logits.length] : kept).run();
      return new Given(run.fetchIntegers(routing.experts()), run.fetch(routing.weights()));
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softmax(int token, int expert) {
    double sum = 0;
    for (int e = 0; e < EXPERTS; e++) {
      sum += Math.exp(LOGITS[token * EXPERTS + e]);
    }
    return Math.exp(LOGITS[token * EXPERTS + expert]) / sum;
  }

  private static void assertWeights(float[] found, double... expected) {
    float[] narrow = new float[expected.length];
    for (int i = 0; i < expected.length; i++) {
      narrow[i] = (float) expected[i];
    }
    assertArrayEquals(narrow, found, 1e-5f);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void sigmoidsOfTheLargestLogitsAreWeights(EngineProvider engine) {
    Given given = route(engine, new SigmoidRouter(), 2, true, LOGITS, null);
    assertArrayEquals(new int[] {1, 2, 2, 0}, given.experts());
    assertWeights(given.weights(), sigmoid(3), sigmoid(2), sigmoid(4), sigmoid(0.5));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void softmaxBeforeSelectionIsNotNormalisedAgain(EngineProvider engine) {
    Given given = route(engine, new SoftmaxRouter(), 2, true, LOGITS, null);
    assertArrayEquals(new int[] {1, 2, 2, 0}, given.experts());
    assertWeights(given.weights(), softmax(0, 1), softmax(0, 2), softmax(1, 2), softmax(1, 0));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void softmaxAfterSelectionIsOfTheSelectedOnes(EngineProvider engine) {
    Given given = route(engine, new RenormalisedRouter(Compat.NONE), 2, true, LOGITS, null);
    assertArrayEquals(new int[] {1, 2, 2, 0}, given.experts());
    assertWeights(
        given.weights(), sigmoid(3 - 2), sigmoid(2 - 3), sigmoid(4 - 0.5), sigmoid(0.5 - 4));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void sinkhornGivesEachExpertItsShareInTrainingAlone(EngineProvider engine) {
    // All tokens would take expert 0.
    int tokens = 64;
    float[] logits = new float[tokens * EXPERTS];
    Random random = new Random(1);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextFloat() + (i % EXPERTS == 0 ? 2 : 0);
    }
    Router router = new SinkhornRouter(3, Compat.NONE);
    int[] counts = new int[EXPERTS];
    Given training = route(engine, router, 1, true, logits, null);
    Arrays.stream(training.experts()).forEach(expert -> counts[expert]++);
    assertTrue(
        Arrays.stream(counts).allMatch(count -> count >= 8 && count <= 24),
        "of 64 tokens the experts got " + Arrays.toString(counts));
    for (int t = 0; t < tokens; t++) {
      int expert = training.experts()[t];
      assertEquals(sigmoid(logits[t * EXPERTS + expert]), training.weights()[t], 1e-5);
    }
    Given evaluation = route(engine, router, 1, false, logits, null);
    assertTrue(Arrays.stream(evaluation.experts()).allMatch(expert -> expert == 0));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void noiseDisturbsTrainingAloneAndWeightsSumToOne(EngineProvider engine) {
    float[] equal = new float[32 * EXPERTS];
    Given training = route(engine, new NoisyRouter(), 2, true, equal, null);
    Given evaluation = route(engine, new NoisyRouter(), 2, false, equal, null);
    for (int t = 0; t < 32; t++) {
      assertEquals(1, training.weights()[2 * t] + training.weights()[2 * t + 1], 1e-6);
    }
    assertNotEquals(Arrays.toString(evaluation.experts()), Arrays.toString(training.experts()));
    assertTrue(Arrays.stream(training.experts()).distinct().count() == EXPERTS);
    for (float weight : evaluation.weights()) {
      assertEquals(0.5f, weight, 1e-6f);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aSingleNoisyExpertIsWeightedByItsProbability(EngineProvider engine) {
    Given given = route(engine, new NoisyRouter(), 1, false, LOGITS, null);
    assertWeights(given.weights(), softmax(0, 1), softmax(1, 2));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void droppedExpertsAreNotSelectedWhileOthersAreLeft(EngineProvider engine) {
    float[] kept = {1, 0, 1, 1, /* second token */ 0, 1, 0, 1};
    for (Router router : MASKED) {
      Given given = route(engine, router, 2, true, LOGITS, kept);
      for (int i = 0; i < given.experts().length; i++) {
        assertEquals(1, kept[i / 2 * EXPERTS + given.experts()[i]], router.toString());
        assertTrue(given.weights()[i] > 0, router.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whatIsDroppedWeighsNothingAndNothingIsRescaled(EngineProvider engine) {
    float[] kept = {0, 0, 1, 0, /* second token: none */ 0, 0, 0, 0};
    for (Router router : MASKED) {
      Given given = route(engine, router, 2, true, LOGITS, kept);
      assertEquals(2, given.experts()[0], router.toString());
      assertTrue(given.weights()[0] > 0 && given.weights()[0] < 1, router.toString());
      for (int i = 1; i < 4; i++) {
        assertEquals(0f, given.weights()[i], router.toString());
        assertTrue(given.experts()[i] >= 0 && given.experts()[i] < EXPERTS, router.toString());
      }
    }
  }

  @Test
  void publishedRegulariserOfRenormalisedSoftmaxSeesTheSelectedLogitsAlone() {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(5, EXPERTS));
    RouterInput input = new RouterInput(BuildContext.evaluation(graph), logits, null, null, 2);
    assertEquals(logits, new RenormalisedRouter(Compat.NONE).route(input).balanced());
    assertEquals(
        TensorType.f32(5, 2),
        new RenormalisedRouter(Compat.PAPER_CODE).route(input).balanced().type());
  }

  @Test
  void sinkhornNeedsAnIteration() {
    assertThrows(IllegalArgumentException.class, () -> new SinkhornRouter(0, Compat.NONE));
  }
}
