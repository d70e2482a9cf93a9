package org.sigmoe.xl.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.xl.data.EvaluationPass;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.model.AnalysisGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;

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
  private final EvaluationConfig config;
  private final AnalysisGraph graph;
  private final Program program;
  private final Arena arena = Arena.ofConfined();
  private final Map<Value, MemorySegment> contents = new LinkedHashMap<>();
  private final MemorySegment tokens;
  private final MemorySegment targets;
  private final MemorySegment memoryFilled;

  private Analyzer(EvaluationConfig config, AnalysisGraph graph, Program program) {
    this.config = config;
    this.graph = graph;
    this.program = program;
    this.tokens = allocate(graph.tokens());
    this.targets = allocate(graph.targets());
    this.memoryFilled = allocate(graph.memoryFilled());
    contents.put(graph.meanNll(), allocate(graph.meanNll()));
    graph.observations().forEach(o -> contents.put(o.value(), allocate(o.value())));
  }

  private MemorySegment allocate(Value value) {
    return arena.allocate(value.type().bytes(), Float.BYTES);
  }

  /**
   * Compiles what is needed.
   *
   * @param config how the text is put to the model; a batch of few rows, because all that the
   *     blocks offer for a batch is kept at once
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory; says how much is
   *     needed
   */
  public static Analyzer prepare(LanguageModel model, Engine engine, EvaluationConfig config) {
    Memory memory =
        model
            .memory(MemoryKind.KEYS_AND_VALUES, config.batch(), config.memory())
            .withWindow(config.window());
    AnalysisGraph graph = AnalysisGraph.of(model, config.context(), memory);
    return new Analyzer(config, graph, engine.compile(graph.graph()));
  }

  /**
   * Analyses a sample spread evenly over a text: the beginning of each of the B streams.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @param listener hears how far it is
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public ModelAnalysis analyse(TokenSource text, long mostTokens, EvaluationListener listener) {
    long perBatch = (long) config.batch() * config.context();
    EvaluationPass pass =
        EvaluationPass.sample(
            text, config.batch(), config.context(), Math.max(1, mostTokens / perBatch));
    List<LayerTally> layers = tallies(perBatch);
    long all = pass.tokens() + pass.tokensLeftOut();
    int filled = 0;
    long read = 0;
    double sum = 0;
    while (pass.hasNext()) {
      pass.next(tokens, targets);
      memoryFilled.set(ValueLayout.JAVA_INT, 0, filled);
      program.feed(graph.tokens(), tokens);
      program.feed(graph.targets(), targets);
      program.feed(graph.memoryFilled(), memoryFilled);
      program.run();
      contents.forEach(program::fetch);
      filled = graph.memory().filledAfter(filled, config.context());
      layers.forEach(layer -> layer.add(this::contents));
      read += perBatch;
      sum += perBatch * (double) contents(graph.meanNll()).get(ValueLayout.JAVA_FLOAT, 0);
      listener.progress(pass.tokens(), new EvaluationResult(read, all - read, sum / read));
    }
    return new ModelAnalysis(
        new EvaluationResult(read, all - read, sum / read),
        layers.stream().map(LayerTally::analysis).toList());
  }

  private List<LayerTally> tallies(long tokensOfBatch) {
    Map<String, List<Observation>> blocks = new LinkedHashMap<>();
    for (Observation observation : graph.observations()) {
      blocks.computeIfAbsent(observation.scope(), _ -> new ArrayList<>()).add(observation);
    }
    List<LayerTally> tallies = new ArrayList<>();
    blocks.forEach(
        (name, observations) -> tallies.add(new LayerTally(name, observations, tokensOfBatch)));
    return tallies;
  }

  private MemorySegment contents(Value value) {
    MemorySegment segment = contents.get(value);
    if (segment == null) {
      throw new IllegalStateException(value + " is no output of the analysis");
    }
    return segment;
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
