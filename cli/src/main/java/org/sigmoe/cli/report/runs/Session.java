package org.sigmoe.cli.report.runs;

import java.util.Optional;

/**
 * One sitting of a training, from its start to its end, as the log tells it.
 *
 * @param began when, as it stands in the log
 * @param fromStep steps that were done before
 * @param command by which it was started, where the log names it
 * @param engine that it ran on
 * @param data that it read
 * @param ending how it ended
 * @param message what it said then, where it failed
 */
public record Session(
    String began,
    long fromStep,
    Optional<String> command,
    Optional<String> engine,
    Optional<String> data,
    Ending ending,
    String message) {

  /** How a sitting ended. */
  public enum Ending {
    /** All steps were done. */
    COMPLETED,
    /** It was asked to stop, and saved. */
    STOPPED,
    /** Loss or gradient were no longer finite. */
    DIVERGED,
    /** By another error. */
    FAILED,
    /** The log does not say: the process was killed, or it trains yet. */
    UNKNOWN
  }
}
