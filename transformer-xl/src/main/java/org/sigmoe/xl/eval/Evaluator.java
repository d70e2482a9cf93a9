package org.sigmoe.xl.eval;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.xl.data.EvaluationPass;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;

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
  private final EvaluationConfig config;
  private final EvaluationGraph graph;
  private final Program program;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment tokens;
  private final MemorySegment targets;
  private final MemorySegment memoryFilled;
  private final MemorySegment nll;
  private final Map<Value, MemorySegment> observations = new LinkedHashMap<>();

  private Evaluator(EvaluationConfig config, EvaluationGraph graph, Program program) {
    this.config = config;
    this.graph = graph;
    this.program = program;
    long tokensOfBatch = (long) config.batch() * config.context();
    this.tokens = arena.allocate(ValueLayout.JAVA_INT, tokensOfBatch);
    this.targets = arena.allocate(ValueLayout.JAVA_INT, tokensOfBatch);
    this.memoryFilled = arena.allocate(ValueLayout.JAVA_INT);
    this.nll = arena.allocate(graph.nll().type().bytes(), Float.BYTES);
    for (Observation observation : graph.observations()) {
      Value value = observation.value();
      observations.put(value, arena.allocate(value.type().bytes(), Float.BYTES));
    }
  }

  /**
   * Compiles what is needed.
   *
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory; says how much is
   *     needed
   */
  public static Evaluator prepare(LanguageModel model, Engine engine, EvaluationConfig config) {
    return prepare(graph(model, config), engine, config);
  }

  /** The graph of an evaluation, from which its memory can be told before it is compiled. */
  public static EvaluationGraph graph(LanguageModel model, EvaluationConfig config) {
    return graph(model, config, Set.of());
  }

  /** The graph of an evaluation in which the feed-forward blocks are looked into. */
  public static EvaluationGraph graph(
      LanguageModel model, EvaluationConfig config, Set<Observed> observed) {
    Memory memory =
        model
            .memory(MemoryKind.KEYS_AND_VALUES, config.streamsOfPart(), config.memory())
            .withWindow(config.window());
    return EvaluationGraph.of(model, config.context(), memory, observed);
  }

  /** Compiles a {@link #graph} made for the same config. */
  public static Evaluator prepare(EvaluationGraph graph, Engine engine, EvaluationConfig config) {
    return new Evaluator(config, graph, engine.compile(graph.graph()));
  }

  /**
   * Evaluates a whole text, but for fewer than B*T tokens at its end.
   *
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluate(TokenSource text, EvaluationListener listener) {
    return run(
        () -> EvaluationPass.whole(text, config.batch(), config.context()),
        listener,
        BatchObserver.NONE);
  }

  /**
   * Evaluates a sample spread evenly over a text: the beginning of each of the B streams.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluateSample(
      TokenSource text, long mostTokens, EvaluationListener listener) {
    return evaluateSample(text, mostTokens, listener, BatchObserver.NONE);
  }

  /**
   * Evaluates a sample, and lets the feed-forward blocks be looked into.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @param observer sees what the {@linkplain #graph graph} observes, after every batch
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluateSample(
      TokenSource text, long mostTokens, EvaluationListener listener, BatchObserver observer) {
    long blocks = Math.max(1, mostTokens / ((long) config.batch() * config.context()));
    return run(
        () -> EvaluationPass.sample(text, config.batch(), config.context(), blocks),
        listener,
        observer);
  }

  private EvaluationResult run(
      Supplier<EvaluationPass> passes, EvaluationListener listener, BatchObserver observer) {
    long predicted = 0;
    double sum = 0;
    long all = 0;
    for (int part = 0; part < config.parts(); part++) {
      EvaluationPass pass = passes.get();
      all = pass.tokens() + pass.tokensLeftOut();
      int filled = 0;
      while (pass.hasNext()) {
        pass.next(tokens, targets);
        sum = addLosses(sum, part, filled);
        filled = graph.memory().filledAfter(filled, config.context());
        predicted += graph.nll().shape().elements();
        observations.forEach(program::fetch);
        observer.observe(this::contents);
        listener.progress(
            pass.tokens(), new EvaluationResult(predicted, all - predicted, sum / predicted));
      }
    }
    return new EvaluationResult(predicted, all - predicted, sum / predicted);
  }

  /** Adds the losses of the tokens of one part of the batch that was read. */
  private double addLosses(double before, int part, int filled) {
    memoryFilled.set(ValueLayout.JAVA_INT, 0, filled);
    program.feed(graph.tokens(), rows(tokens, part));
    program.feed(graph.targets(), rows(targets, part));
    program.feed(graph.memoryFilled(), memoryFilled);
    program.run();
    program.fetch(graph.nll(), nll);
    double sum = before;
    long elements = graph.nll().shape().elements();
    for (long i = 0; i < elements; i++) {
      sum += nll.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return sum;
  }

  private MemorySegment rows(MemorySegment batch, int part) {
    long bytes = graph.tokens().type().bytes();
    return batch.asSlice(part * bytes, bytes);
  }

  private MemorySegment contents(Value observation) {
    MemorySegment segment = observations.get(observation);
    if (segment == null) {
      throw new IllegalStateException(observation + " is not observed in this evaluation");
    }
    return segment;
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
