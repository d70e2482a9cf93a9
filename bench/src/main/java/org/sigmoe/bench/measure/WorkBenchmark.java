package org.sigmoe.bench.measure;

import java.util.Optional;
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
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.Precision;

/**
 * Milliseconds for any work by any contestant: from the call until the result is there, the device
 * included. Compilation, data and the first steps are kept out.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
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
public class WorkBenchmark {
  /** Stands for an engine's default device. */
  static final String DEFAULT_DEVICE = "default";

  /** Who does it: an engine of ours, or the peer. */
  public enum Who {
    /** The engine that {@link #engine} names. */
    SIGMOE,
    /** libtorch on the processor. */
    LIBTORCH
  }

  /** Who does it. */
  @Param("SIGMOE")
  public Who who;

  /** What is done: a {@link Work#label}. */
  @Param("layer/sigma-moe")
  public String work;

  /** At which {@link Sizes}. */
  @Param("wt-s")
  public String sizes;

  /** The provider of the engine. */
  @Param("cpu")
  public String engine;

  /** The engine's device. */
  @Param(DEFAULT_DEVICE)
  public String device;

  /** Of the matrix products. */
  @Param("F32")
  public Precision precision;

  /** Processor threads that it may use. */
  @Param({"1", "2"})
  public int threads;

  private Contestant contestant;

  /** Compiles, makes data, fills memory. */
  @Setup(Level.Trial)
  public void open() {
    Work named = Work.of(work);
    Sizes parsed = Sizes.parse(sizes);
    contestant =
        switch (who) {
          case SIGMOE -> Contestants.sigmoe(named, parsed, choice());
          case LIBTORCH -> Contestants.torch(named, parsed, precision, threads);
        };
  }

  private EngineChoice choice() {
    Optional<String> chosen = Optional.of(device).filter(name -> !name.equals(DEFAULT_DEVICE));
    return new EngineChoice(engine, chosen, precision, threads);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    contestant.close();
  }

  /** What is timed. */
  @Benchmark
  public void run() {
    contestant.run();
  }
}
