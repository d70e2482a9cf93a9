package org.sigmoe.cli.run;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The command by which a training was started or went on, for its log.
 *
 * @param words the arguments as they were given, without the name of the program
 */
public record Invocation(List<String> words) {
  private static final String PLAIN = "[A-Za-z0-9_@%+=:,./-]+";

  /** Copies the words. */
  public Invocation {
    words = List.copyOf(words);
  }

  /** The command on one line, quoted so that a shell reads the same words. */
  public String commandLine() {
    return "sigmoe" + words.stream().map(word -> " " + quoted(word)).collect(Collectors.joining());
  }

  private static String quoted(String word) {
    if (word.matches(PLAIN)) {
      return word;
    }
    if (word.chars().noneMatch(Character::isISOControl)) {
      return "'" + word.replace("'", "'\\''") + "'";
    }
    return "$'"
        + word.codePoints().mapToObj(Invocation::escaped).collect(Collectors.joining())
        + "'";
  }

  private static String escaped(int character) {
    if (character == '\'' || character == '\\') {
      return "\\" + (char) character;
    }
    return Character.isISOControl(character)
        ? "\\u%04x".formatted(character)
        : Character.toString(character);
  }
}
