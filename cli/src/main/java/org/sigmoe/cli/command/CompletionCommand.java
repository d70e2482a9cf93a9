package org.sigmoe.cli.command;

import java.util.function.Supplier;
import org.sigmoe.cli.output.Console;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sigmoe completion}: the script by which shells complete the command. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print a completion script for bash and zsh.",
    footer = {"", "For this shell: source <(sigmoe completion)"})
final class CompletionCommand implements Runnable {
  private final Console console;
  private final Supplier<CommandLine> completed;

  /** Prints to the console the script of a command. */
  CompletionCommand(Console console, Supplier<CommandLine> completed) {
    this.console = console;
    this.completed = completed;
  }

  @Override
  public void run() {
    console.out().println(AutoComplete.bash("sigmoe", completed.get()));
  }
}
