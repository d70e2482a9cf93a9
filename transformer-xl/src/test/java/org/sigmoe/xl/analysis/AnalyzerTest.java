package org.sigmoe.xl.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.xl.data.ArrayTokens;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.eval.Evaluator;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;

class AnalyzerTest {
  private static final EvaluationConfig SIZES = new EvaluationConfig(2, 6, 6);

  /** A block that passes its input on, and "selects" the three greatest of its 12 elements. */
  private record Selecting(int dModel, Observed... offered) implements FeedForward {

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public Output apply(BuildContext context, Value x) {
      Value indices = TopK.of(x, 3);
      for (Observed what : offered) {
        context.observe(what, what == Observed.EXPERTS ? indices : GatherColumns.of(x, indices));
      }
      return new Output(x, null, null);
    }
  }

  private static ModelConfig model(FeedForwardConfig block) {
    return new ModelConfig(20, 12, 2, 2, 6, block, 6, 6, 0.2);
  }

  private static ModelAnalysis analyse(ModelConfig config, TokenSource text, long tokens) {
    LanguageModel model = new LanguageModel(config);
    try (Engine engine = Engines.open("reference", EngineOptions.defaults())) {
      model.initialise(engine, 5);
      try (Analyzer analyzer = Analyzer.prepare(model, engine, SIZES)) {
        return analyzer.analyse(text, tokens, EvaluationListener.NONE);
      }
    }
  }

  @Test
  void denseLayersShowTheirActiveUnits() {
    ModelAnalysis analysis = analyse(model(new DenseConfig(16)), randomText(100), 1000);

    assertEquals(
        List.of("layers.0.feed_forward", "layers.1.feed_forward"),
        analysis.layers().stream().map(LayerAnalysis::name).toList());
    for (LayerAnalysis layer : analysis.layers()) {
      UnitUse units = layer.units().orElseThrow();
      assertEquals(16, units.units());
      assertTrue(units.mean() > 4 && units.mean() < 12, "about half of untrained: " + units);
      assertTrue(units.deviation() > 0);
      assertTrue(layer.experts().isEmpty() && layer.values().isEmpty());
    }
  }

  @Test
  void lookingInsideDoesNotChangeTheResult() {
    ModelConfig config = model(new DenseConfig(16));
    TokenSource text = randomText(100);
    LanguageModel model = new LanguageModel(config);
    EvaluationResult evaluated;
    try (Engine engine = Engines.open("reference", EngineOptions.defaults())) {
      model.initialise(engine, 5);
      try (Evaluator evaluator = Evaluator.prepare(model, engine, SIZES)) {
        evaluated = evaluator.evaluate(text, EvaluationListener.NONE);
      }
    }

    EvaluationResult analysed = analyse(config, text, 1000).result();

    assertEquals(evaluated.tokens(), analysed.tokens());
    assertEquals(evaluated.tokensLeftOut(), analysed.tokensLeftOut());
    assertEquals(evaluated.loss(), analysed.loss(), 1e-6);
  }

  @Test
  void selectedExpertsAreCountedOverAllBatches() {
    ModelConfig config =
        model(p -> new Selecting(p.dModel(), Observed.EXPERTS, Observed.EXPERT_WEIGHTS));

    ExpertUse experts =
        analyse(config, randomText(100), 1000).layers().getLast().experts().orElseThrow();

    assertEquals(12, experts.use().choices(), "the columns that were selected from");
    assertEquals(3, experts.use().perToken());
    assertEquals(1, experts.use().shares().stream().mapToDouble(Double::doubleValue).sum(), 1e-9);
    for (int i = 0; i < 12; i++) {
      List<Double> row = experts.coOccurrence().get(i);
      assertEquals(0, row.get(i));
      assertEquals(
          experts.use().shares().get(i) > 0 ? 1 : 0,
          row.stream().mapToDouble(Double::doubleValue).sum(),
          1e-9);
    }
  }

  @Test
  void noMoreTokensAreReadThanAskedForButAtLeastOneBatch() {
    ModelConfig config = model(new DenseConfig(4));

    assertEquals(24, analyse(config, randomText(100), 30).result().tokens());
    assertEquals(12, analyse(config, randomText(100), 1).result().tokens());
  }

  @Test
  void blockThatOffersNothingIsLeftOut() {
    ModelConfig config = model(p -> new Selecting(p.dModel()));

    assertEquals(List.of(), analyse(config, randomText(100), 12).layers());
  }

  @Test
  void numbersWithoutWeightsAreRefused() {
    ModelConfig config = model(p -> new Selecting(p.dModel(), Observed.EXPERTS));

    assertEquals(
        "layers.0.feed_forward offers one of EXPERTS and EXPERT_WEIGHTS without the other",
        assertThrows(IllegalArgumentException.class, () -> analyse(config, randomText(100), 12))
            .getMessage());
  }

  private static TokenSource randomText(int length) {
    return ArrayTokens.random(1, length, 20);
  }
}
