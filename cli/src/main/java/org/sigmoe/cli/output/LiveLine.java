package org.sigmoe.cli.output;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * A line of a terminal that is drawn over again and again, below lines that stay. A line longer
 * than the terminal is wide is cut off, not wrapped.
 */
public final class LiveLine {
  private static final String TO_START_AND_CLEAR = "\r\u001b[2K";
  private static final String WITHOUT_WRAPPING = "\u001b[?7l%s\u001b[?7h";

  /** Faster than anyone reads; more would only cost time. */
  private static final long LEAST_NANOS = 50_000_000;

  private final PrintStream terminal;
  private final LongSupplier nanoTime;
  private String text = "";
  private String drawn = "";
  private long drawnAt;

  /**
   * A line at the bottom of a terminal, empty at first.
   *
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  public LiveLine(PrintStream terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** Changes the line. Of many changes in a moment the last is drawn, at the latest by the end. */
  public void show(String line) {
    text = line;
    long now = nanoTime.getAsLong();
    if (drawn.isEmpty() || now - drawnAt >= LEAST_NANOS) {
      draw();
      drawnAt = now;
    }
  }

  /** Puts a line that stays above this one. */
  public void above(String line) {
    String below = text;
    clear();
    terminal.println(line);
    if (!below.isEmpty()) {
      text = below;
      draw();
    }
  }

  /** Lets the line stay as it is; the next one begins below it. */
  public void leave() {
    if (!text.isEmpty()) {
      draw();
      terminal.println();
    }
    text = "";
    drawn = "";
  }

  /** Takes the line away. */
  public void clear() {
    if (!drawn.isEmpty()) {
      terminal.print(TO_START_AND_CLEAR);
      terminal.flush();
    }
    text = "";
    drawn = "";
  }

  private void draw() {
    if (!drawn.equals(text)) {
      terminal.print(TO_START_AND_CLEAR + WITHOUT_WRAPPING.formatted(text));
      terminal.flush();
      drawn = text;
    }
  }
}
