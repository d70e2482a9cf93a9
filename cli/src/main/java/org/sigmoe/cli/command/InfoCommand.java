package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.info.MemoryNeed;
import org.sigmoe.cli.info.ModelPart;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.info.PartRow;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.model.ModelConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe info}: what a model takes, without making it. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Show parameters, floating-point operations and memory of a model.",
      "Nothing is trained or allocated: models that do not fit this machine can be looked at."
    })
final class InfoCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "Folder of a run")
  private @Nullable Path folder;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "tiny (default), wt-s-dense, wt-b-dense, e8-dense")
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
    Configuration configuration = configuration();
    RunConfig run = configuration.run();
    ModelReport report = ModelReport.of(run.model(), run.batch(), run.optimiser());
    if (json) {
      console.out().println(Json.line(object(configuration.origin(), report)));
    } else {
      print(configuration.origin(), report);
    }
    return ExitCode.DONE;
  }

  private Configuration configuration() {
    if (folder == null) {
      return Configuration.compose(preset, config, flags.settings());
    }
    if (preset != null || config != null) {
      throw new UsageException("a run has its own configuration; leave --preset and --config away");
    }
    return Configuration.ofRun(RunFolders.existing(folder).config(), flags.settings());
  }

  private static ObjectNode object(String origin, ModelReport report) {
    ModelConfig model = report.model();
    MemoryNeed memory = report.memory();
    ObjectNode object =
        Json.object()
            .put("config", origin)
            .put("parameters", report.parameters())
            .put("flopsPerToken", Math.round(report.flopsPerToken()))
            .put("trainingFlopsPerToken", Math.round(report.trainingFlopsPerToken()))
            .put("activationBytes", memory.activations())
            .put("memoryBytes", memory.total())
            .put("vocabulary", model.vocabulary())
            .put("batch", report.batch())
            .put("context", model.context())
            .put("memory", model.memory());
    ArrayNode parts = object.putArray("parts");
    for (ModelPart part : report.parts()) {
      parts
          .addObject()
          .put("name", part.name())
          .put("parameters", part.parameters())
          .put("flopsPerToken", Math.round(part.flopsPerToken()))
          .put("trainingFlopsPerToken", Math.round(part.trainingFlopsPerToken()));
    }
    return object;
  }

  private void print(String origin, ModelReport report) {
    ModelConfig model = report.model();
    MemoryNeed memory = report.memory();
    line("config      %s", origin);
    line(
        "model       %d layers, width %d, %d heads of %d, vocabulary %s, dropout %s",
        model.layers(),
        model.dModel(),
        model.heads(),
        model.headSize(),
        Units.count(model.vocabulary()),
        model.dropout());
    line(
        "step        batch %d, context %d, memory %d: %s tokens",
        report.batch(),
        model.context(),
        model.memory(),
        Units.count((long) report.batch() * model.context()));
    line("parameters  %s", Units.count(report.parameters()));
    line(
        "FLOPs       %s a token forward, %s a token in training, %s a training step",
        Units.large(report.flopsPerToken()),
        Units.large(report.trainingFlopsPerToken()),
        Units.large(report.trainingFlopsPerToken() * report.batch() * model.context()));
    line(
        "memory      %s in training: %s parameters, %s optimiser, %s carried, %s inputs and"
            + " constants, %s working",
        Units.bytes(memory.total()),
        Units.bytes(memory.parameters()),
        Units.bytes(memory.optimiser()),
        Units.bytes(memory.carried()),
        Units.bytes(memory.inputs()),
        Units.bytes(memory.working()));
    line("activations %s kept for the backward pass", Units.bytes(memory.activations()));
    line("");
    Table table =
        new Table("part", "times", "parameters", "FLOPs/token", "FLOPs/token in training");
    for (PartRow row : PartRow.of(report.parts())) {
      table.row(
          row.name(),
          Integer.toString(row.times()),
          Units.count(row.each().parameters()),
          Units.count(Math.round(row.each().flopsPerToken())),
          Units.count(Math.round(row.each().trainingFlopsPerToken())));
    }
    table.lines().forEach(console.out()::println);
  }

  private void line(String format, Object... arguments) {
    console.out().println(format.formatted(arguments));
  }
}
