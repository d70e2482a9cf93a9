package org.sigmoe.cli.figure;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Where numbers lie along an axis. */
public sealed interface Scale {

  /**
   * A mark at an axis.
   *
   * @param value where
   * @param label what stands there
   */
  record Tick(double value, String label) {}

  /** The least number. */
  double least();

  /** The greatest number. */
  double most();

  /** The place of a number: 0 for the least, 1 for the greatest. */
  double place(double value);

  /** About so many round numbers between the ends. */
  List<Tick> ticks(int about);

  /** Even distances for even differences. */
  record Linear(double least, double most) implements Scale {
    private static final double ROOM = 0.04;

    /** Checks the order. */
    public Linear {
      requireOrder(least, most);
    }

    /** A scale with numbers that are finite, and some room around them. */
    public static Linear around(DoubleStream numbers) {
      DoubleSummaryStatistics range = range(numbers);
      double room = room(range.getMin(), range.getMax());
      return new Linear(range.getMin() - room, range.getMax() + room);
    }

    /** A scale from a number at least, with numbers that are finite and some room after them. */
    public static Linear around(double least, DoubleStream numbers) {
      double most = Math.max(least, range(numbers).getMax());
      return new Linear(least, most + room(least, most));
    }

    private static double room(double least, double most) {
      double room = ROOM * (most - least);
      return room > 0 ? room : Math.max(1e-9, ROOM * Math.abs(most));
    }

    @Override
    public double place(double value) {
      return (value - least) / (most - least);
    }

    @Override
    public List<Tick> ticks(int about) {
      double rough = (most - least) / Math.max(1, about);
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double digit = rough / power;
      double step = power * (digit < 1.05 ? 1 : digit < 2.1 ? 2 : digit < 5.25 ? 5 : 10);
      List<Tick> ticks = new ArrayList<>();
      for (double i = Math.ceil(least / step - 1e-9); i * step <= most + 1e-9 * step; i++) {
        ticks.add(new Tick(i * step, label(i * step, step)));
      }
      return ticks;
    }
  }

  /** Even distances for even ratios. */
  record Logarithmic(double least, double most) implements Scale {
    private static final List<List<Double>> MANTISSAS =
        List.of(
            List.of(1.0), List.of(1.0, 2.0, 5.0), List.of(1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0));

    /** Checks that the numbers are above 0, and the order. */
    public Logarithmic {
      if (least <= 0) {
        throw new IllegalArgumentException("least: must be above 0, got " + least);
      }
      requireOrder(least, most);
    }

    /** A scale with all numbers that are above 0 and finite, and some room around them. */
    public static Logarithmic around(DoubleStream numbers) {
      DoubleSummaryStatistics range = range(numbers.filter(number -> number > 0));
      double least = range.getMin() > 0 ? range.getMin() : range.getMax() / 10;
      double room = Math.max(1.02, Math.pow(range.getMax() / least, 0.03));
      return new Logarithmic(least / room, range.getMax() * room);
    }

    @Override
    public double place(double value) {
      return Math.log(value / least) / Math.log(most / least);
    }

    @Override
    public List<Tick> ticks(int about) {
      for (List<Double> mantissas : MANTISSAS) {
        List<Tick> ticks = ticks(mantissas, about);
        if (ticks.size() >= 3) {
          return ticks;
        }
      }
      return new Linear(least, most).ticks(about);
    }

    private List<Tick> ticks(List<Double> mantissas, int about) {
      int first = (int) Math.floor(Math.log10(least));
      int last = (int) Math.ceil(Math.log10(most));
      int every = Math.max(1, (last - first) / Math.max(1, about));
      List<Tick> ticks = new ArrayList<>();
      for (int power = first; power <= last; power += every) {
        for (double mantissa : mantissas) {
          double value = mantissa * Math.pow(10, power);
          if (value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9)) {
            ticks.add(new Tick(value, label(value, value)));
          }
        }
      }
      return ticks;
    }
  }

  /** The ends of numbers that are finite; 0 to 1 where there are none. */
  private static DoubleSummaryStatistics range(DoubleStream numbers) {
    DoubleSummaryStatistics range = numbers.filter(Double::isFinite).summaryStatistics();
    if (range.getCount() == 0) {
      range.accept(0);
      range.accept(1);
    }
    return range;
  }

  private static void requireOrder(double least, double most) {
    if (!(least < most) || Double.isInfinite(most - least)) {
      throw new IllegalArgumentException("the ends of a scale: %s, %s".formatted(least, most));
    }
  }

  /** As many digits as tell it from its neighbours at a distance of {@code step}. */
  private static String label(double value, double step) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1e6) {
      return trimmed(value / 1e6, step / 1e6) + " M";
    }
    if (size < 1e-4) {
      return String.format(Locale.ROOT, "%.0e", value).replace("e-0", "e-");
    }
    return trimmed(value, step);
  }

  private static String trimmed(double value, double step) {
    int decimals = Math.clamp((long) Math.ceil(-Math.log10(Math.abs(step)) - 1e-9), 0, 6);
    String digits = String.format(Locale.ROOT, "%,." + (decimals + 1) + "f", value);
    return new BigDecimal(digits.replace(",", "")).stripTrailingZeros().scale() <= 0
        ? String.format(Locale.ROOT, "%,.0f", value)
        : digits.replaceFirst("0$", "");
  }
}
