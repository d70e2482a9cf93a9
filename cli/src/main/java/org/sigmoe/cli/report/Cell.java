package org.sigmoe.cli.report;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.statistics.Spread;

/**
 * A cell of a table.
 *
 * @param text what stands in it
 * @param order by what its column is sorted; a number where the kind is one
 * @param kind what it is
 */
record Cell(String text, String order, Kind kind) {
  private static final String NONE = "–";

  /** What a cell is. */
  enum Kind {
    /** Text, to the left. */
    TEXT,
    /** A number, to the right. */
    NUMBER
  }

  static Cell text(String text) {
    return new Cell(text, text, Kind.TEXT);
  }

  static Cell number(String text, double order) {
    return new Cell(text, Double.toString(order), Kind.NUMBER);
  }

  static Cell count(long number) {
    return number(Units.count(number), number);
  }

  /** Nothing is known. */
  static Cell none() {
    return new Cell(NONE, "", Kind.NUMBER);
  }

  static Cell decimal(int digits, double number) {
    return number(String.format(Locale.ROOT, "%." + digits + "f", number), number);
  }

  static Cell rounded(OptionalDouble number) {
    return number.isEmpty() ? none() : count(Math.round(number.getAsDouble()));
  }

  /**
   * A mean, and with several values the standard deviation of one.
   *
   * @param all how many values there could be; where some are missing, the cell says so
   */
  static Cell spread(Optional<Spread> spread, int all) {
    return spread.map(s -> number(text(s, all), s.mean())).orElse(none());
  }

  private static String text(Spread spread, int all) {
    String mean = String.format(Locale.ROOT, "%.4f", spread.mean());
    String deviation =
        spread.count() == 1 ? "" : String.format(Locale.ROOT, " ± %.4f", spread.deviation());
    String missing = spread.count() == all ? "" : " (%d of %d)".formatted(spread.count(), all);
    return mean + deviation + missing;
  }
}
