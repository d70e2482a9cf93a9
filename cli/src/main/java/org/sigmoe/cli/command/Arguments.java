package org.sigmoe.cli.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.sigmoe.cli.run.UsageException;

/** Values of flags that are not part of the configuration. */
final class Arguments {
  private Arguments() {}

  /**
   * The constant that is meant.
   *
   * @throws UsageException if it is none of them
   */
  static <E extends Enum<E>> E oneOf(String flag, String text, E[] constants) {
    return Arrays.stream(constants)
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "%s: must be one of %s, got '%s'"
                        .formatted(
                            flag,
                            Arrays.stream(constants)
                                .map(Arguments::name)
                                .collect(Collectors.joining(", ")),
                            text)));
  }

  /**
   * What is made of flags whose ranges are checked on the way, by messages that begin with the name
   * of the value: {@code topK: must be at least 1} is told of {@code --top-k}.
   *
   * @throws UsageException if one is refused
   */
  static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int end = Math.max(0, message.indexOf(':'));
      String flag =
          message
              .substring(0, end)
              .replaceAll("([a-z])([A-Z])", "$1-$2")
              .replace(' ', '-')
              .toLowerCase(Locale.ROOT);
      throw new UsageException("--" + flag + message.substring(end));
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
