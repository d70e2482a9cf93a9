package org.sigmoe.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers in words, the same in every locale. */
public final class Units {
  private static final String[] BINARY = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] DECIMAL = {"", " k", " M", " G", " T", " P"};

  private Units() {}

  /** With a comma every three digits: {@code 47,260,136}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Four digits: {@code 1.892}. */
  public static String bits(double bits) {
    return String.format(Locale.ROOT, "%.3f", bits);
  }

  /** Powers of 1024: {@code 1.21 GiB}. */
  public static String bytes(long bytes) {
    return bytes < 1024 ? bytes + " bytes" : scaled(bytes, 1024, BINARY, " ");
  }

  /** Powers of 1000: {@code 94.5 M}. */
  public static String large(double number) {
    return number < 1000
        ? String.format(Locale.ROOT, "%.0f", number)
        : scaled(number, 1000, DECIMAL, "");
  }

  /** One digit after the point: {@code 12.5%}. */
  public static String percent(double percent) {
    return String.format(Locale.ROOT, "%.1f%%", percent);
  }

  /** Minutes and seconds, and hours where there are any: {@code 3:24}, {@code 1:02:03}. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String scaled(double number, int base, String[] units, String space) {
    double rest = number;
    int unit = 0;
    while (rest >= base && unit < units.length - 1) {
      rest /= base;
      unit++;
    }
    int decimals = rest < 10 ? 2 : rest < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f%s%s", rest, space, units[unit]);
  }
}
