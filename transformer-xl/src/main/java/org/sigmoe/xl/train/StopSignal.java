package org.sigmoe.xl.train;

/**
 * Asks a training to end: it finishes the step (or validation) that it is in, saves a checkpoint
 * and returns. Safe for use by several threads, for instance by a shutdown hook.
 */
public final class StopSignal {
  private volatile boolean requested;

  /** Asks; asking again changes nothing. */
  public void request() {
    requested = true;
  }

  /** Whether it was asked. */
  public boolean requested() {
    return requested;
  }
}
