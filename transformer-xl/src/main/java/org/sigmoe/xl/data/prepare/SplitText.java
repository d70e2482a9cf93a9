package org.sigmoe.xl.data.prepare;

import java.util.List;
import org.sigmoe.xl.data.Split;

/**
 * The texts of a split.
 *
 * @param split which
 * @param portions where they are, in their order
 * @param window how many of their tokens
 */
public record SplitText(Split split, List<Portion> portions, TokenWindow window) {

  /** Copies the list. */
  public SplitText {
    portions = List.copyOf(portions);
  }

  /** All texts of some portions. */
  public static SplitText of(Split split, List<Portion> portions) {
    return new SplitText(split, portions, TokenWindow.ALL);
  }

  /** Some of the tokens only. */
  public SplitText within(TokenWindow tokens) {
    return new SplitText(split, portions, tokens);
  }
}
