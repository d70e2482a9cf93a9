package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.engine.EngineProvider;
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
    TrainingGraph graph = TrainingGraph.of(model, BATCH, AdamW.adam().withMaxNorm(0.25));
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
        run.feed(update, step + 1, 1e-2)
            .feed(graph.tokens(), tokens)
            .feed(graph.targets(), targets)
            .feed(graph.dropoutKey(), 17, step)
            .feed(graph.memoryFilled(), filled)
            .run();
        losses[step] = run.fetch(graph.meanNll())[0];
        filled = graph.memory().filledAfter(filled, CONTEXT);
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

  @Test
  void everyTrainedParameterHasAGradientAndState() {
    LanguageModel model = model(0);
    TrainingGraph graph = TrainingGraph.of(model, BATCH, AdamW.adam());
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
