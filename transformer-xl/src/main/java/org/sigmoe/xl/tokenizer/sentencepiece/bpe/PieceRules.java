package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.lang.Character.UnicodeScript;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;

/** Which sequences of characters may be pieces. Characters are numbers of an {@link Alphabet}. */
final class PieceRules {
  private static final int ANY_SCRIPT = -1;
  private static final int INHERITED = -2;
  private static final int SPACE = -3;

  /** Long vowel sound of the kana, which Unicode says several scripts share. */
  private static final int LONG_VOWEL = 0x30FC;

  private final int longest;
  private final boolean splitsByScript;
  private final boolean splitsByWhitespace;
  private final boolean splitsDigits;
  private final boolean allowsSpacesOnly;

  /** Of each character its script, or one of the constants. */
  private final int[] scripts;

  private final boolean[] digits;

  PieceRules(TrainerSpec spec, Alphabet alphabet) {
    longest = spec.maxSentencepieceLength();
    splitsByScript = spec.has(TrainerFlag.SPLIT_BY_UNICODE_SCRIPT);
    splitsByWhitespace = spec.has(TrainerFlag.SPLIT_BY_WHITESPACE);
    splitsDigits = spec.has(TrainerFlag.SPLIT_DIGITS);
    allowsSpacesOnly = spec.has(TrainerFlag.ALLOW_WHITESPACE_ONLY_PIECES);
    scripts = new int[alphabet.size()];
    digits = new boolean[alphabet.size()];
    for (int i = 0; i < scripts.length; i++) {
      int codePoint = alphabet.ascending()[i];
      digits[i] = isDigit(codePoint);
      scripts[i] =
          digits[i] && !spec.has(TrainerFlag.SPLIT_BY_NUMBER) ? ANY_SCRIPT : script(codePoint);
    }
  }

  /** Whether two sequences together may be a piece. */
  boolean allow(int[] left, int[] right) {
    int length = left.length + right.length;
    if (length > longest) {
      return false;
    }
    boolean spacesOnly = allowsSpacesOnly && isSpaces(left) && isSpaces(right);
    int script = ANY_SCRIPT;
    for (int i = 0; i < length; i++) {
      int character = i < left.length ? left[i] : right[i - left.length];
      int next = scripts[character];
      if (next == SPACE) {
        if (!spacesOnly && i > 0 && (splitsByWhitespace || i == length - 1)) {
          return false;
        }
        continue;
      }
      if (splitsDigits && digits[character]) {
        return false;
      }
      if (next == INHERITED) {
        next = script;
      }
      if (splitsByScript && script != ANY_SCRIPT && next != ANY_SCRIPT && script != next) {
        return false;
      }
      script = next;
    }
    return true;
  }

  private boolean isSpaces(int[] characters) {
    for (int character : characters) {
      if (scripts[character] != SPACE) {
        return false;
      }
    }
    return true;
  }

  /** Digits of ASCII and their full-width forms: what the reference takes for digits. */
  private static boolean isDigit(int codePoint) {
    return codePoint >= '0' && codePoint <= '9' || codePoint >= 0xFF10 && codePoint <= 0xFF19;
  }

  /** The script of a character; those that Japanese mixes in a word are one. */
  private static int script(int codePoint) {
    if (codePoint == Piece.SPACE) {
      return SPACE;
    }
    if (codePoint == LONG_VOWEL) {
      return UnicodeScript.HAN.ordinal();
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    return switch (script) {
      case HIRAGANA, KATAKANA -> UnicodeScript.HAN.ordinal();
      case UNKNOWN -> UnicodeScript.COMMON.ordinal();
      case INHERITED -> INHERITED;
      default -> script.ordinal();
    };
  }
}
