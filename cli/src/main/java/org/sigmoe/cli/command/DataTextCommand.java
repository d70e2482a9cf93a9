package org.sigmoe.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.sigmoe.cli.output.Console;
import org.sigmoe.xl.data.prepare.OwnTexts;
import org.sigmoe.xl.data.prepare.PlanOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sigmoe data text}: prepares texts of the user's own. */
@Command(
    name = "text",
    mixinStandardHelpOptions = true,
    description = {
      "Prepare texts of your own: files, folders, .zip archives; JSON lines (.jsonl, .json),"
          + " parquet; .gz and .zst of all but the last.",
      "Without --valid 90/5/5 are split: documents by their text, files of a folder by their path,"
          + " a single file by position."
    })
final class DataTextCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      paramLabel = "PATH",
      arity = "1..*",
      required = true,
      description = "What to learn from")
  private List<Path> from = List.of();

  @Option(
      names = "--valid",
      paramLabel = "PATH",
      arity = "1..*",
      description = "Held-out texts that choose the best checkpoint")
  private List<Path> valid = List.of();

  @Option(
      names = "--test",
      paramLabel = "PATH",
      arity = "1..*",
      description = "Held-out texts for the final result")
  private List<Path> test = List.of();

  @Option(names = "--name", paramLabel = "NAME", description = "What it is called (its folder)")
  private String name = "";

  @Mixin private DataOptions options = new DataOptions();

  private final Console console;

  private DataTextCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new DataTextCommand(console));
  }

  @Override
  public Integer call() {
    PlanOptions plan = options.plan(from, null);
    return new DataPreparing(console)
        .run(options, progress -> new OwnTexts(plan, valid, test).plan(name()));
  }

  private String name() {
    return name.isEmpty()
        ? options.out().toAbsolutePath().normalize().getFileName().toString()
        : name;
  }
}
