package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.compare.Candidate;
import org.sigmoe.cli.compare.ComparisonPlan;
import org.sigmoe.cli.compare.Sweep;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.run.Invocation;
import org.sigmoe.cli.run.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe sweep}: trains a grid of settings and seeds from one file. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = {
      "Train every combination of settings and seeds that a file tells of, and compare them.",
      "Every run has its folder. The same command again goes on: finished runs are not trained"
          + " again, interrupted ones continue, and failed ones are tried again."
    },
    footer = {
      "",
      "A file, in which all but base may be missing:",
      "",
      "  base: recipes/jdk/sigma-moe.yaml    # a preset, a YAML file, or a list of them",
      "  set:                                # over the base, in all runs",
      "    steps: 800",
      "  vary:                               # each with each",
      "    seed: [1, 2, 3]",
      "    model.feedForward.k: [1, 2, 4]",
      "",
      "Flags go over every configuration. The folder gets what compare writes."
    })
final class SweepCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The YAML file of the sweep")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the sweep (runs/<name of the file>)")
  private @Nullable Path out;

  @CommandLine.Mixin private final RunSeries series;
  private final ConfigFlags flags = new ConfigFlags();

  private SweepCommand(Console console, Invocation invocation) {
    this.series = new RunSeries(console, invocation);
  }

  static CommandLine create(Console console, Invocation invocation) {
    SweepCommand command = new SweepCommand(console, invocation);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.values());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Sweep sweep = Sweep.read(file);
    Settings over = flags.settings();
    Set<String> varied = sweep.variedKeys();
    for (String key : over.keys()) {
      if (varied.contains(key)) {
        throw new UsageException(
            "%s sets %s, which %s varies; leave one of them away"
                .formatted(over.where(key), key, file));
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (String word : sweep.bases()) {
      ConfigArgument base = ConfigArgument.of(word);
      for (Sweep.Point point : sweep.points()) {
        candidates.add(
            new Candidate(
                sweep.name(base.label(), point), base.configuration(over.over(point.settings()))));
      }
    }
    List<Long> seeds =
        sweep.seeds().isEmpty()
            ? List.of(candidates.getFirst().configuration().run().seed())
            : sweep.seeds();
    return series.train(
        ComparisonPlan.of(
            out == null ? Path.of("runs", name()) : out,
            candidates,
            "",
            seeds,
            ComparisonPlan.keysThatMustBeEqual().stream().filter(varied::contains).toList()));
  }

  private String name() {
    return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }
}
