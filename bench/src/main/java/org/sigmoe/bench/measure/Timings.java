package org.sigmoe.bench.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.sigmoe.bench.measure.WorkBenchmark.Who;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Work;

/**
 * Times one work by ours and, where it is there, by the peer, each in processes of its own.
 *
 * <p>JMH alone would finish with one before it begins with the other, and a machine's speed changes
 * over minutes. Here both take turns, fork by fork.
 */
public final class Timings {

  /**
   * How long is measured.
   *
   * @param forks processes for each contestant; 0 for none: in this process
   * @param warmUps iterations of each that do not count
   * @param iterations of each that count
   * @param seconds of an iteration
   */
  public record Effort(int forks, int warmUps, int iterations, double seconds) {
    private TimeValue time() {
      return TimeValue.milliseconds(Math.round(1000 * seconds));
    }
  }

  private final Effort effort;
  private final boolean peers;
  private final Path log;

  /**
   * With or without the peer.
   *
   * @param log what JMH and the processes say goes there, of the latest process alone
   */
  public Timings(Effort effort, Peers peers, Path log) {
    this.effort = effort;
    this.peers = peers == Peers.BESIDE;
    this.log = log;
  }

  /** Whether libtorch takes part where it can. */
  public enum Peers {
    /** In the same run. */
    BESIDE,
    /** Not at all. */
    NONE
  }

  /**
   * Milliseconds of a run, one number for each iteration, by who did it. In this process it is ours
   * alone.
   *
   * @throws RunnerException if a process failed
   */
  public Map<Who, double[]> time(Work work, Sizes sizes, EngineChoice choice)
      throws RunnerException {
    if (effort.forks() == 0) {
      return Map.of(Who.SIGMOE, here(work, sizes, choice));
    }
    Map<Who, List<Double>> samples = new EnumMap<>(Who.class);
    for (int fork = 0; fork < effort.forks(); fork++) {
      for (Who who : Who.values()) {
        if (who == Who.SIGMOE || peers && Contestants.torchDoes(work, choice.precision())) {
          samples
              .computeIfAbsent(who, _ -> new ArrayList<>())
              .addAll(samples(new Runner(options(who, work, sizes, choice)).run()));
        }
      }
    }
    Map<Who, double[]> times = new EnumMap<>(Who.class);
    samples.forEach(
        (who, all) -> times.put(who, all.stream().mapToDouble(Double::doubleValue).toArray()));
    return times;
  }

  private double[] here(Work work, Sizes sizes, EngineChoice choice) {
    try (Contestant contestant = Contestants.sigmoe(work, sizes, choice)) {
      return ReplayTimer.medians(
          contestant, effort.warmUps(), effort.iterations(), effort.seconds());
    }
  }

  private Options options(Who who, Work work, Sizes sizes, EngineChoice choice) {
    return new OptionsBuilder()
        .include("\\." + WorkBenchmark.class.getSimpleName() + "\\.")
        .param("who", who.name())
        .param("work", work.label())
        .param("sizes", sizes.toString())
        .param("engine", choice.name())
        .param("device", choice.device().orElse(WorkBenchmark.DEFAULT_DEVICE))
        .param("precision", choice.precision().name())
        .param("threads", Integer.toString(choice.threads()))
        .forks(1)
        .warmupIterations(effort.warmUps())
        .warmupTime(effort.time())
        .measurementIterations(effort.iterations())
        .measurementTime(effort.time())
        .shouldFailOnError(true)
        .output(log.toString())
        .verbosity(VerboseMode.EXTRA)
        .build();
  }

  private static List<Double> samples(Collection<RunResult> results) {
    List<Double> samples = new ArrayList<>();
    for (RunResult result : results) {
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          samples.add(iteration.getPrimaryResult().getScore());
        }
      }
    }
    return samples;
  }
}
