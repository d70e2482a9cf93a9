package org.sigmoe.xl.eval;

import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.model.LanguageModel;

/**
 * Measures how well a model predicts a text, with the parameters that its engine holds.
 *
 * <pre>{@code
 * Weights.load(checkpoint.file(CheckpointFile.MODEL), model, engine);
 * try (Evaluator evaluator =
 *     Evaluator.prepare(model, engine, EvaluationConfig.published(model.config()))) {
 *   EvaluationResult result = evaluator.evaluate(corpus.split(Split.TEST), EvaluationListener.NONE);
 * }
 * }</pre>
 *
 * <p>It has a memory of its own: a training that uses the same engine is not disturbed. Not safe
 * for use by several threads.
 */
public final class Evaluator implements AutoCloseable {

  private Evaluator() {}

  /**
   * Compiles what is needed.
   *
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory; says how much is
   *     needed
   */
  public static Evaluator prepare(LanguageModel model, Engine engine, EvaluationConfig config) {
    throw new UnsupportedOperationException();
  }

  /**
   * Evaluates a whole text, but for fewer than B*T tokens at its end.
   *
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluate(TokenSource text, EvaluationListener listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * Evaluates a sample spread evenly over a text: the beginning of each of the B streams.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluateSample(
      TokenSource text, long mostTokens, EvaluationListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
