package org.sigmoe.nn.engine;

/** An engine cannot be opened, or cannot compile or run a graph; the message says what to do. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public EngineException(String message) {
    super(message);
  }

  /** With a message for the user and what caused it. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
