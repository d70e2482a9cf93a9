package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.testing.EngineSession;

/** Both kinds of memory, and prompts and single tokens, see the same past. */
class MemoryTest {
  private static final int VOCABULARY = 11;
  private static final float TOLERANCE = 1e-5f;

  private final LanguageModel model =
      new LanguageModel(new ModelConfig(VOCABULARY, 16, 2, 2, 7, new DenseConfig(24), 4, 4, 0.3));

  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  private EngineSession initialised(EngineProvider engine) {
    EngineSession session = EngineSession.open(engine);
    model.initialise(session.engine(), 7);
    // Biases, gains and scales start as constants; move them, so that a mistake in one shows.
    Random random = new Random(1);
    model.parameters().stream()
        .filter(parameter -> parameter.name().matches(".*(bias|norm.*|scale)"))
        .forEach(
            parameter -> {
              float[] elements = session.read(parameter.variable());
              for (int i = 0; i < elements.length; i++) {
                elements[i] += 0.3f * (float) random.nextGaussian();
              }
              session.write(parameter.variable(), elements);
            });
    return session;
  }

  private static int[] tokens(int count) {
    return new Random(5).ints(count, 0, VOCABULARY).toArray();
  }

  /** The likelihoods [B, T] of each of some segments, one after another. */
  private float[][] evaluate(EngineSession session, Memory memory, int context, int segments) {
    EvaluationGraph evaluation = EvaluationGraph.of(model, context, memory);
    int each = memory.batch() * context;
    int[] tokens = tokens(each * (segments + 1));
    float[][] nll = new float[segments][];
    try (EngineSession.Run run = session.compile(evaluation.graph())) {
      int filled = 0;
      for (int segment = 0; segment < segments; segment++) {
        int begin = segment * each;
        run.feed(evaluation.tokens(), Arrays.copyOfRange(tokens, begin, begin + each))
            .feed(evaluation.targets(), Arrays.copyOfRange(tokens, begin + 1, begin + each + 1))
            .feed(evaluation.memoryFilled(), filled)
            .run();
        nll[segment] = run.fetch(evaluation.nll());
        filled = memory.filledAfter(filled, context);
      }
    }
    return nll;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void keysAndValuesGiveWhatLayerInputsGive(EngineProvider engine) {
    // 7 positions: no multiple of the context, overflowing in the third segment.
    try (EngineSession session = initialised(engine)) {
      float[][] inputs = evaluate(session, model.memory(MemoryKind.LAYER_INPUTS, 3, 7), 4, 5);
      float[][] projected = evaluate(session, model.memory(MemoryKind.KEYS_AND_VALUES, 3, 7), 4, 5);
      for (int segment = 0; segment < inputs.length; segment++) {
        assertArrayEquals(inputs[segment], projected[segment], TOLERANCE, "segment " + segment);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void trainingWithoutDropoutSeesWhatEvaluationSees(EngineProvider engine) {
    LanguageModel plain =
        new LanguageModel(new ModelConfig(VOCABULARY, 16, 2, 2, 7, new DenseConfig(24), 4, 6, 0));
    try (EngineSession session = EngineSession.open(engine)) {
      plain.initialise(session.engine(), 7);
      TrainingGraph training = TrainingGraph.withoutUpdate(plain, Batch.whole(2));
      TrainingGraph.MicroBatch whole = training.parts().getFirst();
      EvaluationGraph evaluation =
          EvaluationGraph.of(plain, 4, plain.memory(MemoryKind.KEYS_AND_VALUES, 2, 6));
      try (EngineSession.Run train = session.compile(training.graph());
          EngineSession.Run evaluate = session.compile(evaluation.graph())) {
        int filled = 0;
        for (int segment = 0; segment < 4; segment++) {
          int[] tokens = Arrays.copyOfRange(tokens(48), segment * 8, segment * 8 + 8);
          int[] targets = Arrays.copyOfRange(tokens(48), segment * 8 + 1, segment * 8 + 9);
          train
              .feed(whole.tokens(), tokens)
              .feed(whole.targets(), targets)
              .feed(training.dropoutKey(), 1, segment)
              .feed(training.memoryFilled(), filled)
              .run();
          evaluate
              .feed(evaluation.tokens(), tokens)
              .feed(evaluation.targets(), targets)
              .feed(evaluation.memoryFilled(), filled)
              .run();
          assertArrayEquals(
              train.fetch(training.meanNll()), evaluate.fetch(evaluation.meanNll()), TOLERANCE);
          filled = evaluation.memory().filledAfter(filled, 4);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void promptAndSingleTokensContinueEachOther(EngineProvider engine) {
    int length = 12;
    int[] text = tokens(length);
    try (EngineSession session = initialised(engine)) {
      float[] atOnce = new Text(session, length, length).read(text, length);
      Text prompted = new Text(session, 4, length);
      float[] begun = prompted.read(Arrays.copyOf(text, 8), 4);
      Text continued = prompted.withRunsOf(1);
      float[] rest = continued.read(Arrays.copyOfRange(text, 8, length), 1);
      float[] joined = Arrays.copyOf(begun, atOnce.length);
      System.arraycopy(rest, 0, joined, begun.length, rest.length);
      assertArrayEquals(atOnce, joined, TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void positionKeysFollowTheParametersWhenPreparedAgain(EngineProvider engine) {
    int[] text = tokens(6);
    try (EngineSession session = initialised(engine)) {
      float[] before = new Text(session, 1, 6).read(text, 1);
      model.initialise(session.engine(), 8);
      float[] prepared = new Text(session, 1, 6).read(text, 1);
      float[] atOnce = new Text(session, 6, 6).read(text, 6);
      assertArrayEquals(atOnce, prepared, TOLERANCE);
      assertThrows(AssertionError.class, () -> assertArrayEquals(before, prepared, TOLERANCE));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void feedingZeroForgets(EngineProvider engine) {
    int[] text = tokens(6);
    try (EngineSession session = initialised(engine)) {
      Text once = new Text(session, 2, 6);
      float[] first = once.read(text, 2);
      once.filled = 0;
      assertArrayEquals(first, once.read(text, 2), 0);
    }
  }

  @Test
  void filledGrowsToTheLengthAndStays() {
    Memory memory = model.memory(MemoryKind.LAYER_INPUTS, 1, 7);
    assertEquals(4, memory.filledAfter(0, 4));
    assertEquals(7, memory.filledAfter(4, 4));
    assertEquals(7, memory.filledAfter(7, 4));
  }

  @Test
  void generationOfSeveralTextsIsRefused() {
    Memory two = model.memory(MemoryKind.KEYS_AND_VALUES, 2, 4);
    assertThrows(IllegalArgumentException.class, () -> GenerationGraph.of(model, 1, two));
    assertThrows(
        IllegalArgumentException.class, () -> model.memory(MemoryKind.KEYS_AND_VALUES, 1, 0));
  }

  /** A text that is read by a generation graph, some tokens a run. */
  private final class Text {
    private final EngineSession session;
    private final GenerationGraph graph;
    private int filled;

    Text(EngineSession session, int tokensPerRun, int memory) {
      this(session, tokensPerRun, model.memory(MemoryKind.KEYS_AND_VALUES, 1, memory), 0);
    }

    private Text(EngineSession session, int tokensPerRun, Memory memory, int filled) {
      this.session = session;
      this.graph = GenerationGraph.of(model, tokensPerRun, memory);
      this.filled = filled;
      graph.prepare(session.engine());
    }

    Text withRunsOf(int tokens) {
      return new Text(session, tokens, graph.memory(), filled);
    }

    /** The logits after each token. */
    float[] read(int[] text, int tokensPerRun) {
      float[] logits = new float[text.length * VOCABULARY];
      try (EngineSession.Run run = session.compile(graph.graph())) {
        for (int begin = 0; begin < text.length; begin += tokensPerRun) {
          run.feed(graph.tokens(), Arrays.copyOfRange(text, begin, begin + tokensPerRun))
              .feed(graph.memoryFilled(), filled)
              .run();
          System.arraycopy(
              run.fetch(graph.logits()), 0, logits, begin * VOCABULARY, tokensPerRun * VOCABULARY);
          filled = graph.memory().filledAfter(filled, tokensPerRun);
        }
      }
      return logits;
    }
  }
}
