package org.sigmoe.xl.analysis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.eval.Evaluator;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;

/**
 * Looks into the feed-forward blocks of a model while it reads a text, with the parameters that its
 * engine holds.
 *
 * <pre>{@code
 * try (Analyzer analyzer = Analyzer.prepare(model, engine, config)) {
 *   ModelAnalysis analysis = analyzer.analyse(text, 100_000, EvaluationListener.NONE);
 * }
 * }</pre>
 *
 * <p>Memory depends on the model and the config, not on the text. Not safe for use by several
 * threads.
 */
public final class Analyzer implements AutoCloseable {
  private final EvaluationGraph graph;
  private final Evaluator evaluator;

  private Analyzer(EvaluationGraph graph, Evaluator evaluator) {
    this.graph = graph;
    this.evaluator = evaluator;
  }

  /**
   * Compiles what is needed to see all that the blocks offer.
   *
   * @param config how the text is put to the model; a batch of few rows, because all that the
   *     blocks offer for a batch is kept at once
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory; says how much is
   *     needed
   */
  public static Analyzer prepare(LanguageModel model, Engine engine, EvaluationConfig config) {
    return prepare(Evaluator.graph(model, config, EnumSet.allOf(Observed.class)), engine, config);
  }

  /** Compiles an {@linkplain Evaluator#graph evaluation} made for the same config. */
  public static Analyzer prepare(EvaluationGraph graph, Engine engine, EvaluationConfig config) {
    return new Analyzer(graph, Evaluator.prepare(graph, engine, config));
  }

  /**
   * Analyses a sample spread evenly over a text: the beginning of each of the B streams.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @param listener hears how far it is
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public ModelAnalysis analyse(TokenSource text, long mostTokens, EvaluationListener listener) {
    List<LayerTally> layers = tallies();
    EvaluationResult result =
        evaluator.evaluateSample(
            text, mostTokens, listener, contents -> layers.forEach(layer -> layer.add(contents)));
    return new ModelAnalysis(result, layers.stream().map(LayerTally::analysis).toList());
  }

  private List<LayerTally> tallies() {
    Map<String, List<Observation>> blocks = new LinkedHashMap<>();
    for (Observation observation : graph.observations()) {
      blocks.computeIfAbsent(observation.scope(), _ -> new ArrayList<>()).add(observation);
    }
    long tokens = graph.tokens().shape().elements();
    List<LayerTally> tallies = new ArrayList<>();
    blocks.forEach((name, observations) -> tallies.add(new LayerTally(name, observations, tokens)));
    return tallies;
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
