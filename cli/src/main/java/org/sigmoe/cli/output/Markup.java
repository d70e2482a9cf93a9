package org.sigmoe.cli.output;

/** Text as it may stand in HTML and XML. */
public final class Markup {
  private static final int FIRST_CONTROL_PICTURE = 0x2400;

  private Markup() {}

  /**
   * A text in which nothing is markup, for elements and quoted attributes. Characters that would
   * not be seen, or would turn the direction of what stands around them, are made visible: control
   * characters as their pictures, all others as {@code [U+202E]}.
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(character -> append(escaped, character));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int character) {
    switch (character) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\'' -> escaped.append("&#39;");
      case '\n', '\t' -> escaped.append((char) character);
      case 0x7f -> escaped.append('\u2421');
      default -> {
        if (character < ' ') {
          escaped.append((char) (FIRST_CONTROL_PICTURE + character));
        } else if (isSeen(character)) {
          escaped.appendCodePoint(character);
        } else {
          escaped.append("[U+%04X]".formatted(character));
        }
      }
    }
  }

  private static boolean isSeen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
