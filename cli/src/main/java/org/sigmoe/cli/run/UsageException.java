package org.sigmoe.cli.run;

/** The command was given something that it cannot do. The message is meant for the user. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public UsageException(String message) {
    super(message);
  }
}
