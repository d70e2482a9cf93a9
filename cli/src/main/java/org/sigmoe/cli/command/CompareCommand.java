package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.compare.Candidate;
import org.sigmoe.cli.compare.ComparisonPlan;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.run.Invocation;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe compare}: trains several configurations alike and puts them side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Train several configurations on the same data, seeds and order of tokens, and compare them.",
      "Every run has its folder. Given the same --out again, finished runs are not trained again and"
          + " interrupted ones go on."
    },
    footer = {
      "",
      "Flags go over every configuration. The folder gets comparison.json, comparison.md, and as SVG"
          + " and PNG the plots curves (bits per token over the steps) and flops (bits per token"
          + " against FLOPs of the feed-forward blocks)."
    })
final class CompareCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CONFIG",
      arity = "1..*",
      completionCandidates = PresetNames.class,
      description = "Presets and YAML files")
  private List<String> configs = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description = "Seeds, a run of each configuration for each (1,2,3)")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the comparison (runs/<time>-compare)")
  private @Nullable Path out;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      description = "The configuration that the others are compared with (the first)")
  private String baseline = "";

  @Option(
      names = "--may-differ",
      paramLabel = "KEY",
      split = ",",
      description = "Compare although this key of the configurations differs, as model.context")
  private List<String> mayDiffer = List.of();

  @CommandLine.Mixin private final RunSeries series;
  private final ConfigFlags flags = new ConfigFlags();

  private CompareCommand(Console console, Invocation invocation) {
    this.series = new RunSeries(console, invocation);
  }

  static CommandLine create(Console console, Invocation invocation) {
    CompareCommand command = new CompareCommand(console, invocation);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.values());
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = flags.settings();
    if (settings.get("seed").isPresent()) {
      throw new UsageException("--seed is of one run; give --seeds");
    }
    return series.train(
        ComparisonPlan.of(
            out == null ? RunFolders.named(LocalDateTime.now(), "compare") : out,
            configs.stream().map(word -> candidate(word, settings)).toList(),
            baseline,
            seeds,
            mayDiffer));
  }

  private static Candidate candidate(String word, Settings settings) {
    ConfigArgument argument = ConfigArgument.of(word);
    if (argument instanceof ConfigArgument.Run) {
      throw new UsageException(
          "'%s' is a folder; name presets and YAML files (its config.yaml is one)".formatted(word));
    }
    return new Candidate(argument.label(), argument.configuration(settings));
  }
}
