package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;

/**
 * Normalises sentences in UTF-8 as the reference does. Holds the last result; not for use by
 * several threads.
 */
public final class TextNormalizer {
  private static final byte[] SPACE = {' '};
  private static final byte[] ESCAPED_SPACE = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  /** On which side of a sentence a space is added, where one is. */
  public enum AddedSpace {
    /** Before it. */
    BEFORE,
    /** After it. */
    AFTER
  }

  private final @Nullable CompiledCharsMap rules;
  private final Literals kept;
  private final boolean addsPrefix;
  private final boolean addsSuffix;
  private final boolean removesSpaces;
  private final byte[] space;

  private byte[] out = new byte[1024];
  private int length;

  // What comes for the characters that were last taken: the bytes from..to-1 of this array.
  private byte[] taken = SPACE;
  private int takenFrom;
  private int takenTo;
  private final CompiledCharsMap.Match match = new CompiledCharsMap.Match();

  /**
   * A normaliser.
   *
   * @param spec what is done
   * @param place where the space goes that is added
   * @param kept texts that no rule changes
   * @throws TokenizerException if the rules are damaged
   */
  public TextNormalizer(NormalizerSpec spec, AddedSpace place, List<String> kept) {
    Set<NormalizerFlag> flags = spec.flags();
    boolean adds = flags.contains(NormalizerFlag.ADD_DUMMY_PREFIX);
    rules = spec.charsMap().isEmpty() ? null : CompiledCharsMap.read(spec.charsMap());
    this.kept = new Literals(kept);
    addsPrefix = adds && place == AddedSpace.BEFORE;
    addsSuffix = adds && place == AddedSpace.AFTER;
    removesSpaces = flags.contains(NormalizerFlag.REMOVE_EXTRA_WHITESPACES);
    space = flags.contains(NormalizerFlag.ESCAPE_WHITESPACES) ? ESCAPED_SPACE : SPACE;
  }

  /**
   * Checks that a file's rules lead nowhere outside their table.
   *
   * @throws TokenizerException if they are damaged
   */
  public static void check(NormalizerSpec spec) {
    if (!spec.charsMap().isEmpty()) {
      CompiledCharsMap.read(spec.charsMap());
    }
  }

  /**
   * Normalises a sentence. What is not UTF-8 becomes U+FFFD, one for each byte.
   *
   * @param sentence has the sentence in its bytes from..to-1
   * @return the length of the result, which is at the beginning of {@link #result()}
   */
  public int normalize(byte[] sentence, int from, int to) {
    length = 0;
    int at = removesSpaces ? skipSpaces(sentence, from, to) : from;
    if (at == to) {
      return 0;
    }
    if (addsPrefix) {
      append(space, 0, space.length);
    }
    boolean afterSpace = removesSpaces;
    while (at < to) {
      at += take(sentence, at, to);
      while (afterSpace && takenFrom < takenTo && taken[takenFrom] == ' ') {
        takenFrom++;
      }
      if (takenFrom < takenTo) {
        appendTaken();
        afterSpace = removesSpaces && taken[takenTo - 1] == ' ';
      }
    }
    while (removesSpaces && endsWithSpace()) {
      length -= space.length;
    }
    if (addsSuffix) {
      append(space, 0, space.length);
    }
    return length;
  }

  /** The last result; its length is what {@link #normalize} returned. Overwritten by the next. */
  public byte[] result() {
    return out;
  }

  private int skipSpaces(byte[] sentence, int from, int to) {
    int at = from;
    while (at < to) {
      int bytes = take(sentence, at, to);
      if (takenTo - takenFrom != 1 || taken[takenFrom] != ' ') {
        break;
      }
      at += bytes;
    }
    return at;
  }

  /** Takes the characters that one rule replaces, or else one; returns their number of bytes. */
  private int take(byte[] sentence, int at, int to) {
    int literal = kept.lengthAt(sentence, at, to);
    if (literal > 0) {
      return takeItself(sentence, at, literal);
    }
    if (rules != null) {
      rules.longest(sentence, at, to, match);
      if (match.length > 0) {
        taken = rules.replacements();
        takenFrom = match.replacement;
        takenTo = takenFrom;
        while (takenTo < taken.length && taken[takenTo] != 0) {
          takenTo++;
        }
        return match.length;
      }
    }
    int bytes = Utf8.length(sentence, at, to);
    if (bytes == 0) {
      taken = REPLACEMENT;
      takenFrom = 0;
      takenTo = REPLACEMENT.length;
      return 1;
    }
    return takeItself(sentence, at, bytes);
  }

  private int takeItself(byte[] sentence, int at, int bytes) {
    taken = sentence;
    takenFrom = at;
    takenTo = at + bytes;
    return bytes;
  }

  private void appendTaken() {
    for (int i = takenFrom; i < takenTo; i++) {
      if (taken[i] == ' ') {
        append(space, 0, space.length);
      } else {
        append(taken, i, i + 1);
      }
    }
  }

  private void append(byte[] source, int from, int to) {
    if (length + to - from > out.length) {
      out = Arrays.copyOf(out, 2 * out.length);
    }
    for (int i = from; i < to; i++) {
      out[length++] = source[i];
    }
  }

  private boolean endsWithSpace() {
    return length >= space.length
        && Arrays.equals(out, length - space.length, length, space, 0, space.length);
  }
}
