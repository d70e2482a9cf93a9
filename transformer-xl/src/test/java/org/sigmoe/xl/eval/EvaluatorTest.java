package org.sigmoe.xl.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.data.ArrayTokens;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.MemoryKind;
import org.sigmoe.xl.model.ModelConfig;

class EvaluatorTest {
  private static final ModelConfig MODEL =
      new ModelConfig(20, 12, 2, 2, 6, new DenseConfig(16), 6, 6, 0.2);

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void theResultIsThatOfReadingEachStreamAtOnceWithoutMemory(String engineName) {
    // 2 streams of 3 blocks of 4; memory reaches as far as a stream, so all of its past is seen
    TokenSource text = randomText(2 * 3 * 4 + 1 + 5);
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open(engineName, EngineOptions.defaults())) {
      model.initialise(engine, 5);

      EvaluationResult result = evaluate(model, engine, new EvaluationConfig(2, 4, 12), text);

      assertEquals(24, result.tokens());
      assertEquals(5, result.tokensLeftOut());
      assertEquals(wholeStreams(model, engine, text, 2, 12), result.loss(), 2e-5);
      assertEquals(Math.exp(result.loss()), result.perplexity());
      assertEquals(result.loss() / Math.log(2), result.bitsPerToken());
    }
  }

  @Test
  void longerMemoryChangesTheResult() {
    TokenSource text = randomText(100);
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      model.initialise(engine, 5);
      EvaluationConfig once = new EvaluationConfig(2, 4, 4);

      double shortMemory = evaluate(model, engine, once, text).loss();
      double longMemory = evaluate(model, engine, once.withMemoryMultiple(4), text).loss();

      assertTrue(Math.abs(shortMemory - longMemory) > 1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void aSlidingWindowIsThatOfReadingTokenByToken(String engineName) {
    TokenSource text = randomText(2 * 6 * 4 + 1);
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open(engineName, EngineOptions.defaults())) {
      model.initialise(engine, 5);
      EvaluationConfig whole = new EvaluationConfig(2, 4, 6);
      EvaluationConfig sliding = whole.withWindow(AttentionWindow.SLIDING);

      EvaluationResult segments = evaluate(model, engine, sliding, text);
      EvaluationResult tokens = evaluate(model, engine, whole.withContext(1), text);
      EvaluationResult seeingMore = evaluate(model, engine, whole, text);

      assertEquals(tokens.tokens(), segments.tokens());
      assertEquals(tokens.loss(), segments.loss(), 2e-6);
      assertTrue(Math.abs(seeingMore.loss() - segments.loss()) > 1e-4);
    }
  }

  @Test
  void sizesAreChangedWithoutTheWindow() {
    EvaluationConfig sliding =
        EvaluationConfig.published(MODEL).withWindow(AttentionWindow.SLIDING);

    assertEquals(
        new EvaluationConfig(3, 5, 10, AttentionWindow.SLIDING),
        sliding.withBatch(3).withContext(5).withMemoryMultiple(2));
  }

  @Test
  void anEvaluationBeginsWithoutMemoryOfTheOneBefore() {
    TokenSource text = randomText(100);
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Evaluator evaluator = Evaluator.prepare(model, engine, EvaluationConfig.published(MODEL))) {
      model.initialise(engine, 5);
      assertEquals(
          evaluator.evaluate(text, EvaluationListener.NONE),
          evaluator.evaluate(text, EvaluationListener.NONE));
    }
  }

  @Test
  void aSampleIsTheBeginningOfEveryStream() {
    TokenSource text = randomText(2 * 5 * 4 + 1);
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Evaluator evaluator = Evaluator.prepare(model, engine, new EvaluationConfig(2, 4, 4))) {
      model.initialise(engine, 5);
      List<EvaluationResult> progress = new ArrayList<>();
      List<Long> totals = new ArrayList<>();

      evaluator.evaluate(text, (total, soFar) -> progress.add(soFar));
      EvaluationResult sample =
          evaluator.evaluateSample(text, 17, (total, soFar) -> totals.add(total));

      assertEquals(5, progress.size());
      assertEquals(progress.get(1), sample);
      assertEquals(16, sample.tokens());
      assertEquals(24, sample.tokensLeftOut());
      assertEquals(List.of(16L, 16L), totals);
    }
  }

  @Test
  void aTextOfLessThanOneBatchIsRefused() {
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> evaluate(model, engine, new EvaluationConfig(4, 6, 6), randomText(24)));
      assertTrue(e.getMessage().contains("too small for one batch"), e::getMessage);
    }
  }

  @Test
  void publishedResultsAreOfBatchFourAndMemoryFourContexts() {
    assertEquals(new EvaluationConfig(4, 6, 24), EvaluationConfig.published(MODEL));
  }

  @Test
  void sizesBelowOneAreRefusedByName() {
    assertRefused("batch: ", () -> new EvaluationConfig(0, 1, 1));
    assertRefused("context: ", () -> new EvaluationConfig(1, 0, 1));
    assertRefused("memory: ", () -> new EvaluationConfig(1, 1, 0));
    EvaluationConfig config = new EvaluationConfig(1, 1 << 20, 1);
    assertRefused("memory multiple: ", () -> config.withMemoryMultiple(0));
    assertRefused("memory multiple: ", () -> config.withMemoryMultiple(1 << 11));
  }

  private static void assertRefused(String begin, Runnable make) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, make::run);
    assertTrue(e.getMessage().startsWith(begin), e::getMessage);
  }

  private static EvaluationResult evaluate(
      LanguageModel model, Engine engine, EvaluationConfig config, TokenSource text) {
    try (Evaluator evaluator = Evaluator.prepare(model, engine, config)) {
      return evaluator.evaluate(text, EvaluationListener.NONE);
    }
  }

  /** The mean loss of a graph whose segment is a whole stream. */
  private static double wholeStreams(
      LanguageModel model, Engine engine, TokenSource text, int streams, int length) {
    EvaluationGraph graph =
        EvaluationGraph.of(model, length, model.memory(MemoryKind.LAYER_INPUTS, streams, 1));
    try (Program program = engine.compile(graph.graph());
        Arena arena = Arena.ofConfined()) {
      MemorySegment tokens = arena.allocate(ValueLayout.JAVA_INT, (long) streams * length);
      MemorySegment targets = arena.allocate(ValueLayout.JAVA_INT, (long) streams * length);
      for (int b = 0; b < streams; b++) {
        text.read((long) b * length, length, tokens, (long) b * length);
        text.read((long) b * length + 1, length, targets, (long) b * length);
      }
      program.feed(graph.tokens(), tokens);
      program.feed(graph.targets(), targets);
      program.feed(graph.memoryFilled(), arena.allocate(ValueLayout.JAVA_INT));
      program.run();
      MemorySegment loss = arena.allocate(ValueLayout.JAVA_FLOAT);
      program.fetch(graph.meanNll(), loss);
      return loss.get(ValueLayout.JAVA_FLOAT, 0);
    }
  }

  private static TokenSource randomText(int length) {
    return ArrayTokens.random(3, length, MODEL.vocabulary());
  }
}
