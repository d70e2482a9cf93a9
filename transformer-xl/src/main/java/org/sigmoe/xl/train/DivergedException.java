package org.sigmoe.xl.train;

/**
 * The loss or the gradient is no longer a finite number. Nothing was saved since; the checkpoints
 * that were saved before are as they were. The message is meant for the user.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;

  /** With a message for the user, and the step at which it was seen. */
  public DivergedException(String message, long step) {
    super(message);
    this.step = step;
  }

  /** The step whose loss or gradient it was. */
  public long step() {
    return step;
  }
}
