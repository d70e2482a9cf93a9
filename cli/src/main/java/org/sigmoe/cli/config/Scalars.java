package org.sigmoe.cli.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Single values of a configuration, from the texts that users write. */
final class Scalars {
  /** YAML's way to write infinity: no limit. */
  private static final String INFINITE = ".inf";

  private Scalars() {}

  /** Whether values of a type are single values. */
  static boolean isScalar(Class<?> type) {
    return type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class
        || type == double.class
        || type == Double.class
        || type == String.class
        || type == Path.class
        || type.isEnum();
  }

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException if the text is not of the type; says what is needed
   */
  static Object parse(String text, Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return (int) wholeNumber(text, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return text.equals(INFINITE) ? Long.MAX_VALUE : wholeNumber(text, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      return number(text);
    }
    if (type == Path.class) {
      return path(text);
    }
    if (type.isEnum()) {
      return constant(text, type);
    }
    if (type == String.class) {
      return text;
    }
    throw new IllegalStateException("not a single value: " + type);
  }

  private static long wholeNumber(String text, long most) {
    BigDecimal number;
    try {
      number = new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number, got '" + text + "'");
    }
    // The range goes first: the whole digits of 1e999999999 would fill the memory.
    if (number.abs().compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new IllegalArgumentException("must be at most %,d, got %s".formatted(most, text));
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("must be a whole number, got " + text);
    }
  }

  private static double number(String text) {
    if (text.equals(INFINITE)) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return new BigDecimal(text.strip()).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a number, got '" + text + "'");
    }
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must be a path, got an empty text");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("must be a path, got '" + text + "': " + e.getReason());
    }
  }

  private static Object constant(String text, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> name(constant).equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of %s, got '%s'"
                        .formatted(
                            Arrays.stream(constants)
                                .map(Scalars::name)
                                .collect(Collectors.joining(", ")),
                            text)));
  }

  private static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
