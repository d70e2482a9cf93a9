package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.nn.testing.EngineSession;

class TrainingGraphTest {
  private static final int VOCABULARY = 13;
  private static final int BATCH = 4;
  private static final int CONTEXT = 8;

  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  private static LanguageModel model(double dropout) {
    return new LanguageModel(
        new ModelConfig(VOCABULARY, 16, 2, 2, 8, new DenseConfig(32), CONTEXT, CONTEXT, dropout));
  }

  /** Mean losses over steps on one text that repeats every 11 tokens. */
  private static float[] train(EngineSession session, LanguageModel model, int steps) {
    return train(session, model, steps, 1);
  }

  private static float[] train(EngineSession session, LanguageModel model, int steps, int parts) {
    TrainingGraph graph =
        TrainingGraph.of(model, new Batch(BATCH, parts), AdamW.adam().withMaxNorm(0.25));
    AdamWUpdate update = graph.update().orElseThrow();
    int[] text = new Random(3).ints(11, 0, VOCABULARY).toArray();
    float[] losses = new float[steps];
    try (EngineSession.Run run = session.compile(graph.graph())) {
      int filled = 0;
      for (int step = 0; step < steps; step++) {
        int[] tokens = new int[BATCH * CONTEXT];
        int[] targets = new int[BATCH * CONTEXT];
        for (int row = 0; row < BATCH; row++) {
          for (int t = 0; t < CONTEXT; t++) {
            int position = 5 * row + step * CONTEXT + t;
            tokens[row * CONTEXT + t] = text[position % text.length];
            targets[row * CONTEXT + t] = text[(position + 1) % text.length];
          }
        }
        run.feed(update, step + 1, 1e-2);
        for (int part = 0; part < parts; part++) {
          int begin = part * tokens.length / parts;
          int end = begin + tokens.length / parts;
          TrainingGraph.MicroBatch inputs = graph.parts().get(part);
          run.feed(inputs.tokens(), Arrays.copyOfRange(tokens, begin, end))
              .feed(inputs.targets(), Arrays.copyOfRange(targets, begin, end));
        }
        run.feed(graph.dropoutKey(), 17, step).feed(graph.memoryFilled(), filled).run();
        losses[step] = run.fetch(graph.meanNll())[0];
        filled = graph.parts().getFirst().memory().filledAfter(filled, CONTEXT);
      }
    }
    return losses;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aRepeatedTextIsLearned(EngineProvider engine) {
    LanguageModel model = model(0.1);
    try (EngineSession session = EngineSession.open(engine)) {
      model.initialise(session.engine(), 1);
      float[] losses = train(session, model, 60);
      assertEquals(Math.log(VOCABULARY), losses[0], 0.6, "an untrained model knows nothing");
      assertTrue(losses[59] < 0.5, "loss after 60 steps is " + losses[59]);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theSameSeedGivesTheSameBits(EngineProvider engine) {
    float[][] losses = new float[2][];
    for (int attempt = 0; attempt < 2; attempt++) {
      LanguageModel model = model(0.2);
      try (EngineSession session = EngineSession.open(engine)) {
        model.initialise(session.engine(), 1);
        losses[attempt] = train(session, model, 12);
      }
    }
    assertArrayEquals(losses[0], losses[1], 0);
  }

  /** The reference engine computes in double; what is read from it are floats. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void partsOfABatchAddUpToTheWhole(int parts) {
    int steps = 8;
    EngineProvider reference =
        engines().stream().filter(e -> e.name().equals("reference")).findFirst().orElse(null);
    assumeTrue(reference != null, "the tests of one engine alone do without the reference");
    LanguageModel whole = model(0);
    LanguageModel inParts = model(0);
    try (EngineSession session = EngineSession.open(reference)) {
      whole.initialise(session.engine(), 1);
      inParts.initialise(session.engine(), 1);

      float[] expected = train(session, whole, steps);
      float[] losses = train(session, inParts, steps, parts);

      assertTrue(expected[steps - 1] < expected[0] - 0.3f, "the model learns");
      for (int step = 0; step < steps; step++) {
        assertEquals(expected[step], losses[step], Math.ulp(expected[step]), "step " + step);
      }
      for (int i = 0; i < whole.parameters().size(); i++) {
        float[] one = session.read(whole.parameters().get(i).variable());
        float[] other = session.read(inParts.parameters().get(i).variable());
        for (int j = 0; j < one.length; j++) {
          assertEquals(one[j], other[j], 1e-9 + Math.ulp(one[j]), whole.parameters().get(i).name());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyEngineLearnsFromPartsAsFromTheWhole(EngineProvider engine) {
    float[][] losses = new float[2][];
    for (int parts = 1; parts <= 2; parts++) {
      LanguageModel model = model(0);
      try (EngineSession session = EngineSession.open(engine)) {
        model.initialise(session.engine(), 1);
        losses[parts - 1] = train(session, model, 10, parts);
      }
    }
    assertArrayEquals(losses[0], losses[1], 1e-4f);
  }

  @Test
  void noTwoPartsShareADropoutSite() {
    TrainingGraph graph = TrainingGraph.withoutUpdate(model(0.1), new Batch(BATCH, 2));
    List<Integer> sites =
        graph.graph().nodes().stream()
            .filter(node -> node.phase() == Node.Phase.FORWARD)
            .map(Node::op)
            .filter(op -> op instanceof Dropout)
            .map(op -> ((Dropout) op).site())
            .toList();
    assertEquals(4, sites.size(), "after the embedding and before the output of each part");
    assertEquals(4, sites.stream().distinct().count());
  }

  /** Activations of one part, and one set of gradients. */
  @Test
  void partsTakeTurnsWithTheSameMemory() {
    ModelConfig config = new ModelConfig(50, 16, 4, 2, 8, new DenseConfig(64), 32, 32, 0.1);
    BufferPlan whole = plan(config, 1);
    BufferPlan parts = plan(config, 4);
    assertEquals(0.25, (double) parts.activationBytes() / whole.activationBytes(), 0.05);
    long gradients =
        new LanguageModel(config)
            .parameters().stream().mapToLong(p -> p.variable().type().bytes()).sum();
    assertTrue(
        parts.bytes() < whole.bytes() / 4 + 2 * gradients,
        () -> parts.bytes() + " of " + whole.bytes() + ", gradients " + gradients);
  }

  private static BufferPlan plan(ModelConfig config, int parts) {
    return BufferPlan.of(
        TrainingGraph.of(new LanguageModel(config), new Batch(16, parts), AdamW.adam()).graph());
  }

  @Test
  void partsMustDivideTheBatch() {
    assertEquals(
        "accumulate: must divide the batch, since all micro-batches are alike: 3 does not divide 4",
        assertThrows(IllegalArgumentException.class, () -> new Batch(4, 3)).getMessage());
  }

  @Test
  void everyTrainedParameterHasAGradientAndState() {
    LanguageModel model = model(0);
    TrainingGraph graph = TrainingGraph.of(model, Batch.whole(BATCH), AdamW.adam());
    List<Parameter> trained = model.parameters().stream().filter(Parameter::trained).toList();
    assertEquals(trained, List.copyOf(graph.gradients().keySet()));
    assertEquals(
        trained,
        graph.update().orElseThrow().moments().stream()
            .map(AdamWUpdate.Moments::parameter)
            .toList());
    // All but the unused bias of each layer's attention.
    assertEquals(model.parameters().size() - 2, trained.size());
  }
}
