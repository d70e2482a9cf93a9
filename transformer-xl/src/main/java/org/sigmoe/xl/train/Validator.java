package org.sigmoe.xl.train;

import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.eval.Evaluator;

/** Measures a model in training on text that is held out. */
final class Validator implements AutoCloseable {
  private final Evaluator evaluator;
  private final TokenSource text;
  private final long maxTokens;

  Validator(Evaluator evaluator, TokenSource text, long maxTokens) {
    this.evaluator = evaluator;
    this.text = text;
    this.maxTokens = maxTokens;
  }

  /** The training's own sizes, but no more streams than a short text can fill. */
  static EvaluationConfig config(TrainingConfig config, TokenSource text) {
    long streams = (text.length() - 1) / config.model().context();
    return EvaluationConfig.ofTraining(config.model(), Math.clamp(streams, 1, config.batch()));
  }

  EvaluationResult validate(EvaluationListener listener) {
    return evaluator.evaluateSample(text, maxTokens, listener);
  }

  /** The loss on a single batch: whether the model gives a number at all. */
  double probe() {
    return evaluator.evaluateSample(text, 1, EvaluationListener.NONE).loss();
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
