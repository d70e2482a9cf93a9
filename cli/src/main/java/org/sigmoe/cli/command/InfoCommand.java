package org.sigmoe.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Presets;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.run.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe info}: what a model takes, without making it. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Show parameters, floating-point operations and memory of models.",
      "Nothing is trained or allocated: models that do not fit this machine can be looked at."
    })
final class InfoCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CONFIG",
      arity = "0..*",
      completionCandidates = PresetNames.class,
      description = "Presets, YAML files, folders of runs; several are put side by side")
  private List<String> models = List.of();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      completionCandidates = PresetNames.class,
      description = "A preset (" + Presets.DEFAULT + "): ${COMPLETION-CANDIDATES}")
  private @Nullable String preset;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings")
  private @Nullable Path config;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private InfoCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    InfoCommand command = new InfoCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.SIZES);
    return line;
  }

  @Override
  public Integer call() {
    List<ModelRow> rows = rows();
    ModelRow first = rows.getFirst();
    ModelText text = new ModelText(console.out());
    if (json) {
      console
          .out()
          .println(
              Json.line(
                  rows.size() > 1
                      ? ModelJson.several(rows)
                      : ModelJson.one(first.configuration(), first.report())));
    } else if (rows.size() > 1) {
      text.several(rows);
    } else {
      text.one(first.configuration(), first.report());
    }
    return ExitCode.DONE;
  }

  private List<ModelRow> rows() {
    if (models.isEmpty()) {
      return List.of(ModelRow.of("", Configuration.compose(preset, config, flags.settings())));
    }
    if (preset != null || config != null) {
      throw new UsageException(
          "name presets, files and runs one after the other, without --preset and --config");
    }
    return models.stream()
        .map(ConfigArgument::of)
        .map(model -> ModelRow.of(model.label(), model.configuration(flags.settings())))
        .toList();
  }
}
