package org.sigmoe.cli.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.run.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code sigmoe} command.
 *
 * <pre>{@code
 * int exitCode = Sigmoe.run(Console.ofProcess(), "train", "--preset", "tiny");
 * }</pre>
 */
@Command(
    name = "sigmoe",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains and studies Transformer-XL language models.",
    footer = {
      "",
      "Examples:",
      "  sigmoe train                          a small model, on the sources of the JDK",
      "  sigmoe train --data notes/ --out runs/notes",
      "  sigmoe train --resume runs/notes      go on where it stopped",
      "  sigmoe eval runs/notes                bits per byte of the held-out test text",
      "  sigmoe generate runs/notes --prompt 'Dear '",
      "  sigmoe info wt-s-dense wt-s-moe       what models take, side by side",
      "  sigmoe compare recipes/jdk/*.yaml     train several alike, and compare them",
      "  sigmoe sweep k.yaml                   train a grid of settings and seeds from one file",
      "  sigmoe analyse runs/notes             how a text uses experts, units and values",
      "  sigmoe import paper.safetensors --config recipes/enwik8/dense.yaml --out runs/paper",
      "  sigmoe data enwik8 --out data/enwik8  prepare a data set, as --data for the others",
      "  sigmoe tokenizer train --input notes/ --output notes.model",
      "  sigmoe report runs/notes              curves, tables and samples in one HTML file",
      "  sigmoe devices                        what a model can run on here",
      "",
      "Exit codes: 0 done, 1 failure, 2 bad usage or configuration, 130 interrupted and saved."
    })
public final class Sigmoe {
  private static final int HELP_WIDTH = 100;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program a failure came about")
  private boolean stacktrace;

  private final Console console;
  private final Invocation invocation;

  private Sigmoe(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  /**
   * Runs the command.
   *
   * @param arguments as on the command line
   * @return the exit code
   */
  public static int run(Console console, String... arguments) {
    Sigmoe sigmoe = new Sigmoe(console, new Invocation(List.of(arguments)));
    try {
      return sigmoe.commandLine().execute(arguments);
    } catch (OutOfMemoryError e) {
      return sigmoe.fail(e);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  /** The command and those below it. */
  CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    line.addSubcommand(TrainCommand.create(console, invocation));
    line.addSubcommand(EvalCommand.create(console));
    line.addSubcommand(GenerateCommand.create(console));
    line.addSubcommand(InfoCommand.create(console));
    line.addSubcommand(CompareCommand.create(console, invocation));
    line.addSubcommand(SweepCommand.create(console, invocation));
    line.addSubcommand(AnalyseCommand.create(console));
    line.addSubcommand(ImportCommand.create(console));
    line.addSubcommand(DataCommand.create(console));
    line.addSubcommand(TokenizerCommand.create(console));
    line.addSubcommand(ReportCommand.create(console));
    line.addSubcommand(DevicesCommand.create(console));
    line.addSubcommand(new CompletionCommand(console, this::commandLine));
    line.addSubcommand(new HelpCommand());
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpAutoWidth(console.outIsTerminal());
    line.setUsageHelpWidth(HELP_WIDTH);
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().versionProvider(new Version());
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    }
    line.setParameterExceptionHandler(badUsage());
    line.setExecutionExceptionHandler(failure());
    return line;
  }

  private IParameterExceptionHandler badUsage() {
    return (exception, arguments) -> {
      CommandSpec command = exception.getCommandLine().getCommandSpec();
      console.err().println("sigmoe: " + exception.getMessage());
      if (!CommandLine.UnmatchedArgumentException.printSuggestions(
          exception, exception.getCommandLine().getErr())) {
        console.err().println("See " + command.qualifiedName() + " --help");
      }
      return ExitCode.BAD_USAGE;
    };
  }

  private IExecutionExceptionHandler failure() {
    return (exception, line, parsed) -> fail(exception);
  }

  private int fail(Throwable thrown) {
    if (stacktrace) {
      thrown.printStackTrace(console.err());
    }
    Failure failure = Failure.of(thrown);
    console.err().println("sigmoe: " + failure.message());
    return failure.exitCode();
  }
}
