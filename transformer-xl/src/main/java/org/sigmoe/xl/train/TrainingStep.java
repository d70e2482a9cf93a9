package org.sigmoe.xl.train;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.xl.data.BatchStream;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * The step of a training, compiled, and where in the data it is. It is fed from memory allocated
 * once; what a step makes on the Java heap does not grow with the model.
 */
final class TrainingStep implements AutoCloseable {
  private final TrainingConfig config;
  private final TrainingGraph graph;
  private final AdamWUpdate update;
  private final Program program;
  private final BatchStream batches;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment tokens;
  private final MemorySegment targets;
  private final List<Part> parts = new ArrayList<>();
  private final MemorySegment dropoutKey;
  private final MemorySegment memoryFilled;
  private final MemorySegment scalar;

  /**
   * Compiles the step.
   *
   * @param graph a step with an optimiser
   */
  TrainingStep(TrainingConfig config, TrainingGraph graph, Engine engine, BatchStream batches) {
    this.config = config;
    this.graph = graph;
    this.update = graph.update().orElseThrow();
    this.program = engine.compile(graph.graph());
    this.batches = batches;
    this.tokens = arena.allocate(ValueLayout.JAVA_INT, config.tokensPerStep());
    this.targets = arena.allocate(ValueLayout.JAVA_INT, config.tokensPerStep());
    long offset = 0;
    for (TrainingGraph.MicroBatch part : graph.parts()) {
      long bytes = part.tokens().type().bytes();
      parts.add(new Part(part, tokens.asSlice(offset, bytes), targets.asSlice(offset, bytes)));
      offset += bytes;
    }
    this.dropoutKey = arena.allocate(graph.dropoutKey().type().bytes(), Integer.BYTES);
    this.memoryFilled = arena.allocate(ValueLayout.JAVA_INT);
    this.scalar = arena.allocate(ValueLayout.JAVA_FLOAT);
  }

  /** A part of the batch, and its rows of what is read from the data. */
  private record Part(
      TrainingGraph.MicroBatch inputs, MemorySegment tokens, MemorySegment targets) {}

  /** Where in the data the next step reads. */
  BatchStream.Position position() {
    return batches.position();
  }

  /** Goes to where in the data the next step is to read. */
  void seek(BatchStream.Position position) {
    batches.seek(position);
  }

  /**
   * Takes one step.
   *
   * @param step number of the step, from 0
   */
  void run(long step) {
    memoryFilled.set(ValueLayout.JAVA_INT, 0, filled(batches.position()));
    dropoutKey.setAtIndex(ValueLayout.JAVA_INT, 0, Long.hashCode(config.seed()));
    dropoutKey.setAtIndex(ValueLayout.JAVA_INT, 1, (int) step);
    batches.next(tokens, targets);
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      program.feed(part.inputs().tokens(), part.tokens());
      program.feed(part.inputs().targets(), part.targets());
    }
    program.feed(graph.dropoutKey(), dropoutKey);
    program.feed(graph.memoryFilled(), memoryFilled);
    update.feed(program, step + 1, config.learningRate().at(step));
    program.run();
  }

  /** Memory is empty at the start of an epoch and at each reset; each block adds its tokens. */
  private int filled(BatchStream.Position position) {
    long every = config.resetMemoryEvery();
    long blocks = every == 0 ? position.block() : position.block() % every;
    long read = blocks * config.model().context();
    return (int) Math.min(config.model().memory(), read);
  }

  /** The last step's mean negative log-likelihood, in nats. */
  double loss() {
    return fetch(graph.meanNll());
  }

  /** The last step's auxiliary loss, where the model has one. */
  OptionalDouble auxiliaryLoss() {
    return graph.auxiliaryLoss().isPresent()
        ? OptionalDouble.of(fetch(graph.auxiliaryLoss().get()))
        : OptionalDouble.empty();
  }

  /** The last step's global norm of the gradients before clipping. */
  double gradientNorm() {
    return fetch(update.gradientNorm());
  }

  private double fetch(Value output) {
    program.fetch(output, scalar);
    return scalar.get(ValueLayout.JAVA_FLOAT, 0);
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
