package org.sigmoe.xl.eval;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
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

  private Evaluator(EvaluationConfig config, EvaluationGraph graph, Program program) {
    this.config = config;
    this.graph = graph;
    this.program = program;
    this.tokens = arena.allocate(graph.tokens().type().bytes(), Integer.BYTES);
    this.targets = arena.allocate(graph.targets().type().bytes(), Integer.BYTES);
    this.memoryFilled = arena.allocate(ValueLayout.JAVA_INT);
    this.nll = arena.allocate(graph.nll().type().bytes(), Float.BYTES);
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
    Memory memory =
        model
            .memory(MemoryKind.KEYS_AND_VALUES, config.batch(), config.memory())
            .withWindow(config.window());
    return EvaluationGraph.of(model, config.context(), memory);
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
    return run(EvaluationPass.whole(text, config.batch(), config.context()), listener);
  }

  /**
   * Evaluates a sample spread evenly over a text: the beginning of each of the B streams.
   *
   * @param mostTokens how many tokens at most, but at least one batch is read
   * @throws org.sigmoe.xl.data.DataException if the text has fewer than B*T + 1 tokens
   */
  public EvaluationResult evaluateSample(
      TokenSource text, long mostTokens, EvaluationListener listener) {
    long blocks = Math.max(1, mostTokens / ((long) config.batch() * config.context()));
    return run(EvaluationPass.sample(text, config.batch(), config.context(), blocks), listener);
  }

  private EvaluationResult run(EvaluationPass pass, EvaluationListener listener) {
    long all = pass.tokens() + pass.tokensLeftOut();
    int filled = 0;
    long predicted = 0;
    double sum = 0;
    while (pass.hasNext()) {
      pass.next(tokens, targets);
      memoryFilled.set(ValueLayout.JAVA_INT, 0, filled);
      program.feed(graph.tokens(), tokens);
      program.feed(graph.targets(), targets);
      program.feed(graph.memoryFilled(), memoryFilled);
      program.run();
      program.fetch(graph.nll(), nll);
      filled = graph.memory().filledAfter(filled, config.context());
      long batch = graph.nll().shape().elements();
      for (long i = 0; i < batch; i++) {
        sum += nll.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      }
      predicted += batch;
      listener.progress(
          pass.tokens(), new EvaluationResult(predicted, all - predicted, sum / predicted));
    }
    return new EvaluationResult(predicted, all - predicted, sum / predicted);
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
