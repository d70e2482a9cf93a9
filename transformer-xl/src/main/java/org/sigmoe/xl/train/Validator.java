package org.sigmoe.xl.train;

import java.util.EnumSet;
import java.util.Set;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.xl.analysis.Analyzer;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.Evaluator;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;

/**
 * Measures a model in training on text that is held out: how well it is predicted and, of mixtures
 * of experts, how much each expert is used for it.
 */
final class Validator implements AutoCloseable {
  private static final Set<Observed> OBSERVED =
      EnumSet.of(Observed.EXPERTS, Observed.EXPERT_WEIGHTS);

  private final Analyzer analyzer;
  private final TokenSource text;
  private final long maxTokens;

  private Validator(Analyzer analyzer, TokenSource text, long maxTokens) {
    this.analyzer = analyzer;
    this.text = text;
    this.maxTokens = maxTokens;
  }

  /** Compiles a {@link #graph} made for the same training and text. */
  static Validator prepare(
      EvaluationGraph graph, Engine engine, TrainingConfig config, TokenSource text) {
    return new Validator(
        Analyzer.prepare(graph, engine, config(config, text)),
        text,
        config.validation().maxTokens());
  }

  /** The graph of a validation, from which its memory can be told before it is compiled. */
  static EvaluationGraph graph(LanguageModel model, TrainingConfig config, TokenSource text) {
    return Evaluator.graph(model, config(config, text), OBSERVED);
  }

  /**
   * The training's own sizes, but no more streams than a short text can fill; at once no more of
   * them than in training.
   */
  static EvaluationConfig config(TrainingConfig config, TokenSource text) {
    long fit = (text.length() - 1) / config.model().context();
    int streams = Math.clamp(fit, 1, config.batch().streams());
    int parts = 1;
    while (streams / parts > config.batch().streamsOfPart() || streams % parts != 0) {
      parts++;
    }
    return EvaluationConfig.ofTraining(config.model(), streams).withParts(parts);
  }

  ModelAnalysis validate(EvaluationListener listener) {
    return analyzer.analyse(text, maxTokens, listener);
  }

  /** The loss on a single batch: whether the model gives a number at all. */
  double probe() {
    return analyzer.analyse(text, 1, EvaluationListener.NONE).result().loss();
  }

  @Override
  public void close() {
    analyzer.close();
  }
}
