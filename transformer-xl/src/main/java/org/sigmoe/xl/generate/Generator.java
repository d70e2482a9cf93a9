package org.sigmoe.xl.generate;

import java.util.function.Consumer;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.tokenizer.Tokenizer;

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

  private Generator() {}

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
    throw new UnsupportedOperationException();
  }

  /**
   * Continues a prompt.
   *
   * @param prompt what comes before; not part of the output. An empty one counts as a line break,
   *     since a model needs a token to begin with
   * @param length how many tokens to generate, at least 0
   * @param out takes the text piece by piece, each of whole characters; all pieces together are
   *     well-formed Unicode. If the last character is unfinished after {@code length} tokens, it is
   *     left out
   */
  public void generate(String prompt, long length, SamplingConfig sampling, Consumer<String> out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
