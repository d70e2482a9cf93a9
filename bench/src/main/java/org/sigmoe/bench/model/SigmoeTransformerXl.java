package org.sigmoe.bench.model;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * A language model in training on an engine of Sigmoe, as a user of the library would write it.
 * What goes in and out passes through native memory that is allocated once.
 *
 * <pre>{@code
 * try (var model = new SigmoeTransformerXl(shape, Training.of(Precision.F32), 2)) {
 *   double loss = model.run(streams.next());
 * }
 * }</pre>
 */
public final class SigmoeTransformerXl implements AutoCloseable {
  private final Training training;
  private final LanguageModel model;
  private final TrainingGraph graph;
  private final TrainingGraph.MicroBatch part;
  private final AdamWUpdate update;
  private final Engine engine;
  private final Program program;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment tokens;
  private final MemorySegment targets;
  private final MemorySegment dropoutKey;
  private final MemorySegment memoryFilled;
  private final MemorySegment loss;
  private int filled;
  private int steps;

  /** On the CPU engine. */
  public SigmoeTransformerXl(ModelShape shape, Training training, int threads) {
    this(
        shape,
        new DenseConfig(shape.dFeedForward()),
        training,
        "cpu",
        EngineOptions.defaults().withThreads(threads).withPrecision(training.precision()));
  }

  /**
   * Compiles and initialises the model; the memory is empty.
   *
   * @param feedForward the blocks, in place of the dense ones that {@code shape} tells of
   */
  public SigmoeTransformerXl(
      ModelShape shape,
      FeedForwardConfig feedForward,
      Training training,
      String engineName,
      EngineOptions options) {
    this.training = training;
    model = new LanguageModel(config(shape, feedForward));
    graph = graph(model, shape, training);
    part = graph.parts().getFirst();
    update = graph.update().orElseThrow();
    engine = Engines.open(engineName, options);
    model.initialise(engine, training.seed());
    program = engine.compile(graph.graph());
    tokens = arena.allocate(part.tokens().type().bytes(), Integer.BYTES);
    targets = arena.allocate(part.targets().type().bytes(), Integer.BYTES);
    dropoutKey = arena.allocate(graph.dropoutKey().type().bytes(), Integer.BYTES);
    memoryFilled = arena.allocate(JAVA_INT);
    loss = arena.allocate(JAVA_FLOAT);
  }

  /** The step as a graph, for counting: nothing is allocated. */
  public static TrainingGraph graph(
      ModelShape shape, FeedForwardConfig feedForward, Training training) {
    return graph(new LanguageModel(config(shape, feedForward)), shape, training);
  }

  private static TrainingGraph graph(LanguageModel model, ModelShape shape, Training training) {
    return TrainingGraph.of(
        model, Batch.whole(shape.batch()), AdamW.adam().withMaxNorm(training.clipNorm()));
  }

  private static ModelConfig config(ModelShape shape, FeedForwardConfig feedForward) {
    return new ModelConfig(
        shape.vocabulary(),
        shape.dModel(),
        shape.layers(),
        shape.heads(),
        shape.headDim(),
        feedForward,
        shape.context(),
        shape.memory(),
        shape.dropout());
  }

  /**
   * Forward, backward, clipping, optimiser update; memory is carried on to the next step.
   *
   * @return mean cross entropy in nats, before the update
   */
  public double run(TokenStreams.Batch batch) {
    feed(part.tokens(), tokens, batch.tokens());
    feed(part.targets(), targets, batch.targets());
    dropoutKey.setAtIndex(JAVA_INT, 0, Long.hashCode(training.seed()));
    dropoutKey.setAtIndex(JAVA_INT, 1, steps);
    program.feed(graph.dropoutKey(), dropoutKey);
    memoryFilled.set(JAVA_INT, 0, filled);
    program.feed(graph.memoryFilled(), memoryFilled);
    steps++;
    update.feed(program, steps, training.learningRate());
    program.run();
    filled = part.memory().filledAfter(filled, model.config().context());
    program.fetch(graph.meanNll(), loss);
    return loss.get(JAVA_FLOAT, 0);
  }

  private void feed(Value input, MemorySegment room, int[] values) {
    MemorySegment.copy(values, 0, room, JAVA_INT, 0, values.length);
    program.feed(input, room);
  }

  /** What the engine is. */
  public String engine() {
    return engine.description();
  }

  /** Bytes of parameters, optimiser state, carried memory and working buffers. */
  public long bytes() {
    return program.bytes()
        + graph.graph().variables().stream().mapToLong(held -> held.type().bytes()).sum();
  }

  /** Number of parameters. */
  public long parameterCount() {
    return parameters().stream().mapToLong(p -> p.variable().shape().elements()).sum();
  }

  /** All parameters, in the order of the published code. */
  public List<Parameter> parameters() {
    return model.parameters();
  }

  /** What a parameter holds now, row major. */
  public float[] read(Parameter parameter) {
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment elements = temporary.allocate(parameter.variable().type().bytes(), Float.BYTES);
      engine.read(parameter.variable(), elements);
      return elements.toArray(JAVA_FLOAT);
    }
  }

  @Override
  public void close() {
    program.close();
    engine.close();
    arena.close();
  }
}
