package org.sigmoe.xl.data;

/** Shows a name from someone else's archive without letting it write to the terminal. */
final class Quoted {

  private static final int LONGEST = 120;

  private Quoted() {}

  /** The name in double quotes, control and format characters escaped, cut at 120 characters. */
  static String of(String name) {
    StringBuilder shown = new StringBuilder("\"");
    name.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04X", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown
        .append(name.codePointCount(0, name.length()) > LONGEST ? "...\"" : "\"")
        .toString();
  }
}
