package org.sigmoe.xl.generate;

import java.util.List;
import java.util.function.Consumer;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * Continues texts with the parameters that an engine holds. Each token costs one step: what the
 * model has seen is kept as keys and values.
 *
 * <pre>{@code
 * Weights.load(checkpoint.file(CheckpointFile.MODEL), model, engine);
 * try (Generator generator = Generator.prepare(model, engine, tokenizer, memory)) {
 *   generator.generate("public class ", 500, SamplingConfig.ofSeed(1), System.out::print);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class Generator implements AutoCloseable {
  /** Tokens of a prompt that are read at once: enough to keep matrix products busy. */
  private static final int PROMPT_TOKENS = 64;

  /** The last is for tokenizers that leave out white space. */
  private static final List<String> EMPTY_PROMPTS = List.of("\n", ".");

  private final Tokenizer tokenizer;
  private final GenerationStep prompt;
  private final GenerationStep single;

  private Generator(Tokenizer tokenizer, GenerationStep prompt, GenerationStep single) {
    this.tokenizer = tokenizer;
    this.prompt = prompt;
    this.single = single;
  }

  /**
   * How many earlier tokens a model saw at most in training: the last token of a segment saw all of
   * the memory and of the segment before it.
   *
   * @throws ArithmeticException if they are too many to be counted
   */
  public static int memoryOfTraining(ModelConfig model) {
    return Math.toIntExact((long) model.memory() + model.context() - 1);
  }

  /**
   * Compiles what is needed. If parameters change afterwards, prepare another one.
   *
   * @param memory M, how many earlier tokens the model sees, at least 1; may be more than it was
   *     trained with
   * @throws IllegalArgumentException if the tokenizer has another vocabulary than the model
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory
   */
  public static Generator prepare(
      LanguageModel model, Engine engine, Tokenizer tokenizer, int memory) {
    int vocabulary = model.config().vocabulary();
    if (tokenizer.vocabularySize() != vocabulary) {
      throw new IllegalArgumentException(
          "The model has a vocabulary of %d, the tokenizer '%s' one of %d; use the model's own"
              .formatted(vocabulary, tokenizer.name(), tokenizer.vocabularySize()));
    }
    Memory past = model.memory(MemoryKind.KEYS_AND_VALUES, 1, memory);
    GenerationStep prompt =
        new GenerationStep(model, Math.min(PROMPT_TOKENS, memory), past, engine);
    try {
      return new Generator(tokenizer, prompt, new GenerationStep(model, 1, past, engine));
    } catch (RuntimeException e) {
      prompt.close();
      throw e;
    }
  }

  /**
   * Continues a prompt.
   *
   * @param text what comes before; not part of the output. An empty one counts as a line break,
   *     since a model needs a token to begin with
   * @param length how many tokens to generate, at least 0
   * @param out takes the text piece by piece, each of whole characters; all pieces together are
   *     well-formed Unicode. If the last character is unfinished after {@code length} tokens, it is
   *     left out
   */
  public void generate(String text, long length, SamplingConfig sampling, Consumer<String> out) {
    if (length < 0) {
      throw new IllegalArgumentException("length: must be at least 0, got " + length);
    }
    int[] tokens = text.isEmpty() ? beginning() : tokenizer.encode(text);
    if (tokens.length == 0) {
      tokens = beginning(); // white space alone, which the tokenizer leaves out
    }
    int filled = read(tokens, tokens.length - 1);
    int[] token = {tokens[tokens.length - 1]};
    Sampler sampler = new Sampler(sampling, tokenizer.vocabularySize());
    TokenDecoder decoder = tokenizer.decoder();
    for (int seen : tokens) {
      decoder.accept(seen); // whether the first piece begins a word depends on what comes before
    }
    for (long i = 0; i < length; i++) {
      filled = single.run(token, 0, filled);
      token[0] = sampler.next(single.logits(), decoder::permits);
      String piece = decoder.accept(token[0]);
      if (!piece.isEmpty()) {
        out.accept(piece);
      }
    }
  }

  /** What stands for no text; the tokens of some data know no line break. */
  private int[] beginning() {
    for (String text : EMPTY_PROMPTS) {
      try {
        int[] tokens = tokenizer.encode(text);
        if (tokens.length > 0) {
          return tokens;
        }
      } catch (TokenizerException _) {
        // The text is none that the tokenizer knows: try the next.
      }
    }
    return new int[] {0};
  }

  /** Reads the first tokens of a text into an empty memory; returns how much of it is filled. */
  private int read(int[] tokens, int count) {
    int filled = 0;
    int begin = 0;
    while (begin < count) {
      GenerationStep step = count - begin >= prompt.tokens() ? prompt : single;
      filled = step.run(tokens, begin, filled);
      begin += step.tokens();
    }
    return filled;
  }

  @Override
  public void close() {
    prompt.close();
    single.close();
  }
}
