package org.sigmoe.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.graph.Shape;

/**
 * Milliseconds for one {@link BenchBlock}, forward and backward, on 16,384 tokens: what the
 * families cost beside each other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@NullUnmarked // JMH sets the fields.
public class FeedForwardBenchmark {
  /** Batch, context and width of WT-S. */
  private static final Shape INPUT = Shape.of(64, 256, 412);

  /** The family and its sizes. */
  @Param public BenchBlock block;

  /** Processor threads that the step may use. */
  @Param({"1", "2"})
  public int threads;

  /** Of the matrix products. */
  @Param public Precision precision;

  private FeedForwardStep step;

  /** Builds the block. */
  @Setup(Level.Trial)
  public void open() {
    EngineOptions options =
        EngineOptions.defaults()
            .withThreads(threads)
            .withPrecision(SigmoeTransformerXl.enginePrecision(precision));
    step = new FeedForwardStep(block.config(), INPUT, options);
  }

  /** Frees the block. */
  @TearDown(Level.Trial)
  public void close() {
    step.close();
  }

  /** What is timed. */
  @Benchmark
  public void forwardAndBackward() {
    step.run();
  }
}
