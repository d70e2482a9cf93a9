package org.sigmoe.cli;

import org.sigmoe.cli.command.Sigmoe;
import org.sigmoe.cli.output.Console;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(Sigmoe.run(Console.ofProcess(), arguments));
  }
}
