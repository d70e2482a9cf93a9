package org.sigmoe.cli.run;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.train.StopSignal;

/**
 * How long a command may train, over all runs that it trains. The step or validation that is under
 * way when the time is over is finished, and saving takes its time too, so that a limit should
 * leave some minutes to one that ends the process from outside.
 */
public final class TimeLimit {
  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");
  private static final int[] SECONDS_OF_UNIT = {86_400, 3_600, 60, 1};

  private final @Nullable Duration limit;
  private final long begin = System.nanoTime();

  private TimeLimit(@Nullable Duration limit) {
    this.limit = limit;
  }

  /** As long as it takes. */
  public static TimeLimit none() {
    return new TimeLimit(null);
  }

  /**
   * From now on so long.
   *
   * @param text as {@code 8h}, {@code 1d12h}, {@code 90m}, or as ISO 8601 has it, {@code PT8H30M}
   * @throws UsageException if it is no time above 0
   */
  public static TimeLimit startingNow(String text) {
    Duration limit = parse(text.strip());
    if (limit.isZero() || limit.isNegative()) {
      throw new UsageException("--max-time: must be above 0, got '" + text + "'");
    }
    return new TimeLimit(limit);
  }

  static Duration parse(String text) {
    try {
      Matcher units = UNITS.matcher(text.toLowerCase(Locale.ROOT));
      return units.matches() && !text.isEmpty() ? ofUnits(units) : Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new UsageException(
          "--max-time: must be a time as 8h, 8h30m, 1d12h, 90m, 45s or PT8H30M, got '%s'"
              .formatted(text));
    }
  }

  private static Duration ofUnits(Matcher units) {
    long seconds = 0;
    for (int i = 0; i < SECONDS_OF_UNIT.length; i++) {
      String number = units.group(i + 1);
      seconds += number == null ? 0 : Long.parseLong(number) * SECONDS_OF_UNIT[i];
    }
    return Duration.ofSeconds(seconds);
  }

  /** Whether the time is over. */
  public boolean isOver() {
    return limit != null && System.nanoTime() - begin >= nanos(limit);
  }

  /** Lets a training end with the time. */
  void applyTo(StopSignal stop) {
    if (limit != null) {
      stop.requestAt(begin + nanos(limit));
    }
  }

  /** No more than fits beside any time of the clock: centuries. */
  private static long nanos(Duration limit) {
    Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
    return (limit.compareTo(most) > 0 ? most : limit).toNanos();
  }
}
