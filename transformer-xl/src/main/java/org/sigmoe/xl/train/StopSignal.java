package org.sigmoe.xl.train;

import java.util.function.LongSupplier;

/**
 * Asks a training to end: it finishes the step (or validation) that it is in, saves a checkpoint
 * and returns. Safe for use by several threads, for instance by a shutdown hook.
 */
public final class StopSignal {
  private static final long NEVER = Long.MAX_VALUE;

  private final LongSupplier nanoTime;
  private final long begin;
  private volatile boolean asked;
  private volatile long nanosUntilEnd = NEVER;

  /** Nothing asks yet. */
  public StopSignal() {
    this(System::nanoTime);
  }

  /** By another clock. */
  StopSignal(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  /** Asks; asking again changes nothing. */
  public void request() {
    asked = true;
  }

  /**
   * Asks for a time.
   *
   * @param time of {@link System#nanoTime}; replaces one given before
   */
  public void requestAt(long time) {
    nanosUntilEnd = time - begin;
  }

  /** Whether the training is to end now. */
  public boolean requested() {
    return asked || timeIsOver();
  }

  /** Whether someone asked, be the time over or not. */
  public boolean asked() {
    return asked;
  }

  private boolean timeIsOver() {
    long limit = nanosUntilEnd;
    return limit != NEVER && nanoTime.getAsLong() - begin >= limit;
  }
}
