package org.sigmoe.cli.output;

import java.io.PrintStream;

/**
 * A line of a terminal that is drawn over again and again, below lines that stay. A line longer
 * than the terminal is wide is cut off, not wrapped.
 */
public final class LiveLine {
  private static final String TO_START_AND_CLEAR = "\r\u001b[2K";
  private static final String WITHOUT_WRAPPING = "\u001b[?7l%s\u001b[?7h";

  private final PrintStream terminal;
  private String shown = "";

  /** A line at the bottom of a terminal, empty at first. */
  public LiveLine(PrintStream terminal) {
    this.terminal = terminal;
  }

  /** Draws the line anew. */
  public void show(String text) {
    shown = text;
    terminal.print(TO_START_AND_CLEAR + WITHOUT_WRAPPING.formatted(text));
    terminal.flush();
  }

  /** Puts a line that stays above this one. */
  public void above(String line) {
    String now = shown;
    clear();
    terminal.println(line);
    if (!now.isEmpty()) {
      show(now);
    }
  }

  /** Lets the line stay as it is; the next one begins below it. */
  public void leave() {
    if (!shown.isEmpty()) {
      shown = "";
      terminal.println();
    }
  }

  /** Takes the line away. */
  public void clear() {
    if (!shown.isEmpty()) {
      shown = "";
      terminal.print(TO_START_AND_CLEAR);
      terminal.flush();
    }
  }
}
