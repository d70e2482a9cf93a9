package org.sigmoe.cli.command;

import java.time.Duration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.LineView;
import org.sigmoe.cli.output.LiveView;
import org.sigmoe.cli.output.QuietView;
import org.sigmoe.cli.output.TrainingView;

/** How people see a training. */
final class TrainingViews {
  private static final Duration PLAIN_PAUSE = Duration.ofSeconds(10);

  private TrainingViews() {}

  /**
   * On a terminal a live line, elsewhere a line from time to time; nothing if it is to be quiet.
   */
  static TrainingView of(Console console, boolean quiet) {
    if (quiet) {
      return new QuietView(console.err());
    }
    return console.outIsTerminal()
        ? new LiveView(console.out())
        : new LineView(console.out()::println, System::nanoTime, PLAIN_PAUSE);
  }
}
