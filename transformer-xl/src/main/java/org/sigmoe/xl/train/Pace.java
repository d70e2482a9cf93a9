package org.sigmoe.xl.train;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How fast a training goes. Times never reach a checkpoint, which depends on steps alone. */
final class Pace {
  private final LongSupplier nanoTime;
  private final long begin;
  private final long before;
  private final long firstStep;
  private long reportedStep;
  private long reported;
  private long paused;
  private long pauseBegin;

  /**
   * Starts the clock.
   *
   * @param nanoTime such as {@link System#nanoTime}
   * @param step steps done before
   * @param elapsedSeconds time spent on them
   */
  Pace(LongSupplier nanoTime, long step, double elapsedSeconds) {
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
    this.before = (long) (elapsedSeconds * 1e9);
    this.firstStep = step;
    this.reportedStep = step;
    this.reported = begin;
  }

  /** Time spent in training since the run began, validation and saving included. */
  Duration elapsed() {
    return Duration.ofNanos(before + sinceBegin());
  }

  private long sinceBegin() {
    return nanoTime.getAsLong() - begin;
  }

  /** Something other than training steps begins. */
  void pause() {
    pauseBegin = nanoTime.getAsLong();
  }

  /** It is over. */
  void resume() {
    paused += nanoTime.getAsLong() - pauseBegin;
  }

  /**
   * Steps per second since the call before, pauses not counted.
   *
   * @param step steps done
   */
  double stepsPerSecond(long step) {
    long now = nanoTime.getAsLong();
    long nanos = Math.max(1, now - reported - paused);
    double pace = (step - reportedStep) * 1e9 / nanos;
    reported = now;
    reportedStep = step;
    paused = 0;
    return pace;
  }

  /**
   * How long the rest takes if it goes on as it did since the clock was started, pauses included.
   *
   * @param step steps done, at least one of them since then
   * @param steps all steps
   */
  Duration timeLeft(long step, long steps) {
    double nanosPerStep = (double) sinceBegin() / (step - firstStep);
    return Duration.ofNanos((long) (nanosPerStep * (steps - step)));
  }
}
