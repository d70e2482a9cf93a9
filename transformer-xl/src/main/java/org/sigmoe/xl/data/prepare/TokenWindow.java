package org.sigmoe.xl.data.prepare;

/**
 * Which texts of a stream go to a split, by how many tokens the stream has up to their ends: those
 * that end after {@code after} tokens and not after {@code after + most}. So the windows (0, n] and
 * (n, 2n] have no text in common.
 *
 * @param after how many tokens are left out
 * @param most how many are taken at most
 */
public record TokenWindow(long after, long most) {

  /** Everything. */
  public static final TokenWindow ALL = first(Long.MAX_VALUE);

  /** Checks that a token may be taken. */
  public TokenWindow {
    if (after < 0 || most < 1) {
      throw new IllegalArgumentException(
          "a window needs at least one token, got %d after %d".formatted(most, after));
    }
  }

  /** The first tokens. */
  public static TokenWindow first(long tokens) {
    return new TokenWindow(0, tokens);
  }

  /** As many after these. */
  public TokenWindow next() {
    return new TokenWindow(after + most, most);
  }

  /** How many tokens there are up to the end of the window. */
  long end() {
    return most > Long.MAX_VALUE - after ? Long.MAX_VALUE : after + most;
  }
}
