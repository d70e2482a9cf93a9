package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.util.HashMap;
import java.util.Map;

/**
 * The rules that the reference's {@code nmt_nfkc} has over NFKC, "with some additional
 * normalization around spaces" for machine translation: control characters vanish, what is like a
 * space is one.
 */
final class NmtRules {

  private static final int[] SPACES = {
    0x0009,
    0x000A,
    0x000C,
    0x000D, // tab, line feed, form feed, carriage return
    0x1680, // Ogham space mark
    0x200B,
    0x200C, // zero-width space and non-joiner; not the joiner, of which emoji are made
    0x200E,
    0x200F, // marks for the direction of text
    0x2028,
    0x2029, // line and paragraph separator
    0x2581, // the character that stands for a space in pieces
    0xFEFF, // zero-width no-break space, or byte order mark
    0xFFFD // replacement character
  };

  private static final int LAST_CONTROL = 0x1F;

  /** The others that the reference removes; not all of 80 to 9F. */
  private static final int[] FURTHER_CONTROLS = {0x7F, 0x8F, 0x9F};

  /** The full-width tilde, which Japanese does not use as a tilde. */
  private static final String KEPT = "\uFF5E";

  private NmtRules() {}

  /** The rules together with those of NFKC. */
  static CharsMap over(CharsMap nfkc) {
    Map<String, String> rules = new HashMap<>(nfkc.rules());
    for (int control = 1; control <= LAST_CONTROL; control++) {
      rules.put(Character.toString(control), "");
    }
    for (int control : FURTHER_CONTROLS) {
      rules.put(Character.toString(control), "");
    }
    for (int space : SPACES) {
      rules.put(Character.toString(space), " ");
    }
    rules.remove(KEPT);
    return new CharsMap(rules);
  }
}
