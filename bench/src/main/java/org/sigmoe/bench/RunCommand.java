package org.sigmoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.runner.RunnerException;
import org.sigmoe.bench.BenchmarkSet.Limits;
import org.sigmoe.bench.BenchmarkSet.Task;
import org.sigmoe.bench.measure.Circumstances;
import org.sigmoe.bench.measure.EngineChoice;
import org.sigmoe.bench.measure.FreshProcess;
import org.sigmoe.bench.measure.Measurements;
import org.sigmoe.bench.measure.Timings;
import org.sigmoe.bench.measure.Timings.Effort;
import org.sigmoe.bench.measure.Timings.Peers;
import org.sigmoe.bench.result.Peaks;
import org.sigmoe.bench.result.Report;
import org.sigmoe.bench.result.Row;
import org.sigmoe.bench.result.Start;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a set and writes what came out after each measurement. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures a set and writes SET-ENGINE.json and SET-ENGINE.md.")
@NullUnmarked // picocli sets the fields.
final class RunCommand implements Callable<Integer> {
  /** What two cores do in reasonable time. */
  private static final Limits PROCESSOR = new Limits(4096, 2048, false);

  private static final Limits DEVICE = new Limits(Integer.MAX_VALUE, 4096, true);

  /** A series has many points, some of them large. */
  private static final int PROCESSOR_SWEEP_TOKENS = 2048;

  @Spec private CommandSpec spec;

  @Parameters(description = "what to measure: ${COMPLETION-CANDIDATES}")
  private BenchmarkSet set;

  @Option(names = "--engine", defaultValue = "cpu", description = "cpu, or tornado")
  private String engine;

  @Option(names = "--device", description = "of the engine, for instance cuda:0 or opencl:0")
  private Optional<String> device;

  @Option(
      names = "--precision",
      split = ",",
      defaultValue = "f32",
      description = "of matrix products, several by commas: ${COMPLETION-CANDIDATES}")
  private List<Precision> precisions;

  @Option(
      names = "--threads",
      split = ",",
      description = "of the processor, several by commas (default: all cores)")
  private List<Integer> threads;

  @Option(
      names = "--only",
      description = "regular expression that must occur in 'WORK SIZES'",
      defaultValue = "")
  private Pattern only;

  @Option(
      names = "--tokens",
      description =
          "most tokens of a step: the batch is made smaller (default: 4096 on a processor, 2048 in"
              + " sweeps; all on a device)")
  private Optional<Integer> tokens;

  @Option(
      names = "--forks",
      defaultValue = "2",
      description = "processes for each measurement; 0: in this one, without libtorch, for devices")
  private int forks;

  @Option(names = "--warm-ups", defaultValue = "5", description = "iterations that do not count")
  private int warmUps;

  @Option(names = "--iterations", defaultValue = "5", description = "iterations that count")
  private int iterations;

  @Option(names = "--seconds", defaultValue = "1", description = "of an iteration")
  private double seconds;

  @Option(
      names = "--memory-peak",
      paramLabel = "GB/s",
      defaultValue = "0",
      description = "of this machine, seen by another program: counts if it is more than ours")
  private double memoryPeak;

  @Option(names = "--no-peers", description = "without libtorch")
  private boolean noPeers;

  @Option(names = "--dry-run", description = "only list what would be measured")
  private boolean dryRun;

  @Option(names = "--out", defaultValue = "docs/results", description = "folder of the results")
  private Path folder;

  private final List<Row> rows = new ArrayList<>();
  private final List<Start> starts = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<Task> tasks = tasks();
    if (dryRun) {
      tasks.forEach(System.out::println);
      return ExitCode.OK;
    }
    Set<EngineChoice> choices = choices();
    choices.removeIf(this::cannotOpen);
    if (choices.isEmpty()) {
      failures.forEach(System.err::println);
      return ExitCode.SOFTWARE;
    }
    Files.createDirectories(folder);
    EngineChoice first = choices.iterator().next();
    Set<Precision> measured =
        choices.stream().map(EngineChoice::precision).collect(Collectors.toSet());
    Peaks peaks = Measurements.peaks(first, measured).atLeast(1e9 * memoryPeak);
    List<String> circumstances = new ArrayList<>();
    circumstances.add("Command: `" + command() + "`");
    circumstances.addAll(Circumstances.lines(first));
    Path log = Files.createTempFile("sigmoe-bench", ".log");
    Measurements measurements = new Measurements(timings(log), peaks);
    int done = 0;
    for (Task task : tasks) {
      for (EngineChoice choice : choices) {
        System.err.printf(
            "%d of %d: %s, %s, threads: %d%n",
            ++done, tasks.size() * choices.size(), task, choice.precision(), choice.threads());
        measure(measurements, task, choice);
        // After each, so that a failure later loses nothing.
        new Report(set.label(), first.label(), circumstances, peaks, rows, starts, failures)
            .write(folder);
      }
    }
    System.err.println(folder.resolve(set.label() + "-" + first.label() + ".md"));
    if (failures.isEmpty()) {
      Files.delete(log);
      return ExitCode.OK;
    }
    failures.forEach(System.err::println);
    System.err.println("what the last process said: " + log);
    return ExitCode.SOFTWARE;
  }

  /** Not every processor and backend has every precision: the others are measured all the same. */
  private boolean cannotOpen(EngineChoice choice) {
    try {
      choice.open().close();
      return false;
    } catch (EngineException e) {
      failures.add("%s: %s".formatted(choice.precision(), e.getMessage()));
      return true;
    }
  }

  /** One failure need not cost all other results. */
  private void measure(Measurements measurements, Task task, EngineChoice choice) {
    try {
      if (set == BenchmarkSet.STARTS) {
        starts.add(FreshProcess.measure(task.work(), task.sizes(), choice));
      } else {
        rows.add(measurements.row(task.sweep(), task.work(), task.sizes(), choice));
      }
    } catch (RuntimeException | IOException | RunnerException e) {
      String why = "%s, %s: %s".formatted(task, choice.precision(), e.getMessage());
      System.err.println(why);
      failures.add(why);
    }
  }

  private List<Task> tasks() {
    Limits limits = engine.equals("cpu") ? PROCESSOR : DEVICE;
    int usual = set == BenchmarkSet.SWEEPS ? PROCESSOR_SWEEP_TOKENS : limits.tokens();
    int most = tokens.orElse(engine.equals("cpu") ? usual : limits.tokens());
    Predicate<String> wanted = only.asPredicate();
    return set.tasks(new Limits(most, limits.widest(), limits.everything())).stream()
        .filter(task -> wanted.test(task.toString()))
        .toList();
  }

  private Set<EngineChoice> choices() {
    List<Integer> counts =
        threads == null ? List.of(Runtime.getRuntime().availableProcessors()) : threads;
    Set<EngineChoice> choices = new LinkedHashSet<>();
    for (Precision precision : precisions) {
      for (int count : counts) {
        choices.add(new EngineChoice(engine, device, precision, count));
      }
    }
    return choices;
  }

  private Timings timings(Path log) {
    boolean processor = engine.equals("cpu");
    return new Timings(
        new Effort(forks, warmUps, iterations, seconds),
        processor && !noPeers ? Peers.BESIDE : Peers.NONE,
        log);
  }

  /** What a user types to do the same. */
  private String command() {
    String options =
        spec.commandLine().getParent().getParseResult().originalArgs().stream()
            .map(word -> word.matches("[-\\w./:,=]+") ? word : "'" + word + "'")
            .collect(Collectors.joining(" "));
    return "mvn -q -pl bench -am package -DskipTests -Pbench -Dbench=\"%s\"".formatted(options);
  }
}
