package org.sigmoe.xl.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.model.GenerationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.MemoryKind;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.tokenizer.ByteTokenizer;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.Tokenizer;

class GeneratorTest {
  private static final ModelConfig MODEL =
      new ModelConfig(256, 16, 2, 2, 8, new DenseConfig(24), 8, 8, 0.1);
  private static final Tokenizer BYTES = new ByteTokenizer();

  @ParameterizedTest
  @CsvSource({
    // prompts shorter and longer than what is read at once, and at the edge of it
    "cpu,1",
    "cpu,2",
    "cpu,64",
    "cpu,65",
    "cpu,66",
    "cpu,150",
    "reference,66"
  })
  void eachTokenIsTheOneThatReadingAllBeforeItGives(String engineName, int promptLength) {
    LanguageModel model = new LanguageModel(MODEL);
    String prompt = "public final class ".repeat(10).substring(0, promptLength);
    int length = 6;
    try (Engine engine = Engines.open(engineName, EngineOptions.defaults())) {
      model.initialise(engine, 5);
      SamplingConfig greedy = SamplingConfig.ofSeed(0).withTemperature(0);

      String text = generate(model, engine, 200, prompt, length, greedy);

      StringBuilder expected = new StringBuilder(prompt);
      TokenDecoder decoder = BYTES.decoder();
      List<Integer> tokens = new ArrayList<>();
      for (byte b : prompt.getBytes(StandardCharsets.UTF_8)) {
        tokens.add((int) b);
      }
      for (int i = 0; i < length; i++) {
        int next = mostLikely(model, engine, tokens, decoder);
        tokens.add(next);
        expected.append(decoder.accept(next));
      }
      assertEquals(expected.substring(prompt.length()), text);
    }
  }

  @Test
  void theSameSeedGivesTheSameTextAndAnotherSeedAnother() {
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Generator generator = Generator.prepare(model, engine, BYTES, 32)) {
      model.initialise(engine, 5);
      String first = generate(generator, "x", 100, SamplingConfig.ofSeed(1));
      String other = generate(generator, "x", 100, SamplingConfig.ofSeed(2));
      String again = generate(generator, "x", 100, SamplingConfig.ofSeed(1));

      assertEquals(first, again);
      assertNotEquals(first, other);
    }
  }

  @Test
  void whatIsWrittenIsAlwaysWellFormedText() {
    // an untrained model draws all bytes about equally: mostly what is no UTF-8 by itself
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Generator generator = Generator.prepare(model, engine, BYTES, 8)) {
      model.initialise(engine, 5);
      for (int seed = 0; seed < 30; seed++) {
        int length = 20 + seed; // which may end within a character
        List<String> pieces = new ArrayList<>();
        generator.generate("\u00e4", length, SamplingConfig.ofSeed(seed), pieces::add);

        String text = String.join("", pieces);
        assertFalse(text.contains("\uFFFD"), text);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(text, new String(utf8, StandardCharsets.UTF_8));
        assertTrue(utf8.length <= length && utf8.length > length - 4, text);
        for (String piece : pieces) {
          assertFalse(piece.isEmpty());
          assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), piece);
        }
      }
    }
  }

  @Test
  void anEmptyPromptIsALineBreak() {
    LanguageModel model = new LanguageModel(MODEL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Generator generator = Generator.prepare(model, engine, BYTES, 8)) {
      model.initialise(engine, 5);
      assertEquals(
          generate(generator, "\n", 40, SamplingConfig.ofSeed(1)),
          generate(generator, "", 40, SamplingConfig.ofSeed(1)));
    }
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRefused() {
    LanguageModel model = new LanguageModel(MODEL.withVocabulary(300));
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> Generator.prepare(model, engine, BYTES, 8));
      assertEquals(
          "The model has a vocabulary of 300, the tokenizer 'bytes' one of 256; use the model's"
              + " own",
          e.getMessage());
    }
  }

  private static String generate(
      LanguageModel model,
      Engine engine,
      int memory,
      String prompt,
      int length,
      SamplingConfig sampling) {
    try (Generator generator = Generator.prepare(model, engine, BYTES, memory)) {
      return generate(generator, prompt, length, sampling);
    }
  }

  private static String generate(
      Generator generator, String prompt, int length, SamplingConfig sampling) {
    StringBuilder text = new StringBuilder();
    generator.generate(prompt, length, sampling, text::append);
    return text.toString();
  }

  /** The best of the tokens that may come next, by a graph that reads all the text at once. */
  private static int mostLikely(
      LanguageModel model, Engine engine, List<Integer> tokens, TokenDecoder decoder) {
    int count = tokens.size();
    GenerationGraph graph =
        GenerationGraph.of(model, count, model.memory(MemoryKind.LAYER_INPUTS, 1, 1));
    graph.prepare(engine);
    try (Program program = engine.compile(graph.graph());
        Arena arena = Arena.ofConfined()) {
      int[] input = tokens.stream().mapToInt(Integer::intValue).toArray();
      program.feed(graph.tokens(), arena.allocateFrom(ValueLayout.JAVA_INT, input));
      program.feed(graph.memoryFilled(), arena.allocate(ValueLayout.JAVA_INT));
      program.run();
      MemorySegment logits = arena.allocate(graph.logits().type().bytes(), Float.BYTES);
      program.fetch(graph.logits(), logits);
      int best = -1;
      for (int token = 0; token < 256; token++) {
        if (decoder.permits(token)
            && (best < 0 || logit(logits, count, token) > logit(logits, count, best))) {
          best = token;
        }
      }
      return best;
    }
  }

  private static float logit(MemorySegment logits, int count, int token) {
    return logits.getAtIndex(ValueLayout.JAVA_FLOAT, (count - 1) * 256L + token);
  }
}
