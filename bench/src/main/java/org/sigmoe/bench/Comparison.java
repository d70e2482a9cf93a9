package org.sigmoe.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Times a training step by Sigmoe and by its peer in one run and writes {@code training-step.json}
 * (JMH's own format) and {@code training-step.md} into a folder.
 *
 * <p>JMH alone would finish with one contestant before it begins with the other, and a machine's
 * speed changes over minutes. Here both take turns: fork by fork, for each model, number of threads
 * and precision.
 *
 * <pre>
 * mvn -q -pl bench -am package -DskipTests -Pcompare
 * mvn -q -pl bench -am package -DskipTests -Pcompare -Djmh="-p model=TINY -f 1 -wi 1 -i 1 -r 1 -w 1"
 * </pre>
 */
public final class Comparison {
  private static final String CONTESTANTS = "\\.(Sigmoe|Torch)TrainingStep\\.";
  private static final String NAME = "training-step";
  private static final int FORKS = 2;

  private final Options options;
  private final Path folder;
  private final List<String> circumstances;
  private final Map<String, BenchmarkParams> measured = new LinkedHashMap<>();
  private final Map<String, List<BenchmarkResult>> forks = new LinkedHashMap<>();

  private Comparison(Options options, Path folder, List<String> circumstances) {
    this.options = options;
    this.folder = folder;
    this.circumstances = circumstances;
  }

  /**
   * Runs the comparison.
   *
   * @param args the folder of the results, then options of JMH, for instance {@code -p model=TINY}
   */
  public static void main(String[] args)
      throws CommandLineOptionException, RunnerException, IOException {
    Main.requireFairEnvironment();
    if (args.length == 0) {
      System.err.println("Usage: Comparison FOLDER [OPTIONS OF JMH]");
      System.exit(2);
    }
    String[] jmh = Arrays.copyOfRange(args, 1, args.length);
    List<String> circumstances =
        Stream.concat(Stream.of("Command: `" + command(jmh) + "`"), Circumstances.lines().stream())
            .toList();
    new Comparison(new CommandLineOptions(jmh), Path.of(args[0]), circumstances).run();
  }

  /** What a user types to do the same. */
  private static String command(String[] jmh) {
    String plain = "mvn -q -pl bench -am package -DskipTests -Pcompare";
    return jmh.length == 0 ? plain : plain + " -Djmh=\"" + String.join(" ", jmh) + "\"";
  }

  private void run() throws RunnerException, IOException {
    for (String model : choices("model")) {
      for (String precision : choices("precision")) {
        for (String threads : choices("threads")) {
          Options turn =
              new OptionsBuilder()
                  .parent(options)
                  .include(CONTESTANTS)
                  .param("model", model)
                  .param("precision", precision)
                  .param("threads", threads)
                  .forks(1)
                  .shouldFailOnError(true)
                  .build();
          for (int fork = 0; fork < options.getForkCount().orElse(FORKS); fork++) {
            keep(new Runner(turn).run());
          }
          write();
        }
      }
    }
  }

  /** The values of a parameter: those of the command line, or all that the benchmark has. */
  private Collection<String> choices(String parameter) {
    return options.getParameter(parameter).orElse(declared(parameter));
  }

  private static List<String> declared(String parameter) {
    try {
      var field = TrainingStepBenchmark.class.getField(parameter);
      return field.getType().isEnum()
          ? Stream.of(field.getType().getEnumConstants()).map(Object::toString).toList()
          : List.of(field.getAnnotation(Param.class).value());
    } catch (NoSuchFieldException e) {
      throw new IllegalArgumentException("The benchmark has no parameter " + parameter, e);
    }
  }

  private void keep(Collection<RunResult> results) {
    for (RunResult result : results) {
      String id = result.getParams().id();
      measured.put(id, result.getParams());
      forks.computeIfAbsent(id, _ -> new ArrayList<>()).addAll(result.getBenchmarkResults());
    }
  }

  /** Writes what has been measured so far, so that a failure later loses nothing. */
  private void write() throws IOException {
    List<RunResult> results = new ArrayList<>();
    measured.forEach((id, params) -> results.add(new RunResult(params, forks.get(id))));
    Files.createDirectories(folder);
    Path json = folder.resolve(NAME + ".json");
    try (PrintStream out = new PrintStream(json.toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    String table =
        ResultsTable.of(JsonMapper.builder().build().readTree(json.toFile()), circumstances);
    Files.writeString(folder.resolve(NAME + ".md"), table);
  }
}
