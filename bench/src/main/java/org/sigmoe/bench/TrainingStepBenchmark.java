package org.sigmoe.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
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

/**
 * One training step of a {@link BenchModel}, in steps and in tokens a second. A subclass says who
 * does the step; the models, the data and the way of timing are the same for all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      // JavaCPP would read /proc at each tensor and call the collector when memory grows.
      "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
      "-Dorg.bytedeco.javacpp.nopointergc=true"
    })
@NullUnmarked // JMH sets the fields.
public abstract class TrainingStepBenchmark {
  /** Sizes of model and batch. */
  @Param public BenchModel model;

  /** Processor threads that the step may use. */
  @Param({"1", "2"})
  public int threads;

  /** Of the matrix products. */
  @Param public Precision precision;

  private TokenStreams streams;
  private TrainingStep step;

  /** Tokens that were trained on; JMH reports them a second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Tokens {
    /** Counted since the iteration began. */
    public long tokens;
  }

  /** The model under test, initialised, with empty memory. */
  protected abstract TrainingStep open(ModelShape shape, Precision precision, int threads);

  /** Builds the model and fills its memory, since the first steps have less of it to attend to. */
  @Setup(Level.Trial)
  public void open() {
    ModelShape shape = model.shape();
    streams = new TokenStreams(shape, 1);
    step = open(shape, precision, threads);
    for (int filled = 0; filled < shape.memory(); filled += shape.context()) {
      step.run(streams.next());
    }
  }

  /** Frees the model. */
  @TearDown(Level.Trial)
  public void close() {
    step.close();
  }

  /** What is timed. */
  @Benchmark
  public double step(Tokens counter) {
    counter.tokens += model.shape().tokensPerStep();
    return step.run(streams.next());
  }
}
