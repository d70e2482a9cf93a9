package org.sigmoe.cli.command;

/** How a process that ran the command ended. */
public final class ExitCode {
  /** Done, be it all or what the time that was given sufficed for. */
  public static final int DONE = 0;

  /** It was tried and failed. */
  public static final int FAILURE = 1;

  /** The command line, the configuration or the data cannot be used. */
  public static final int BAD_USAGE = 2;

  /** Ended by Ctrl-C or SIGTERM, after saving. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
