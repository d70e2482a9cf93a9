package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.Literals;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.Utf8;

/**
 * The different words of a text as characters, one after the other, with a break before each and
 * after the last.
 *
 * @param cells code points, {@link #NO_PIECE} for a text that is reserved; {@link #BREAK} between
 *     words
 * @param wordOf for each cell the word that it belongs to
 * @param counts how often each word occurs
 */
record WordCharacters(int[] cells, int[] wordOf, long[] counts) {
  static final int BREAK = -1;

  /** The character, a tab, that counts as one of the text but is part of no piece. */
  static final int NO_PIECE = '\t';

  /**
   * Takes words apart.
   *
   * @param reserved the texts of pieces that stand for no part of a text; where one is spelled out,
   *     words are broken
   */
  static WordCharacters of(WordCounts words, List<String> reserved) {
    Literals literals = new Literals(reserved);
    int[] cells = new int[cellCount(words)];
    int[] wordOf = new int[cells.length];
    long[] counts = new long[words.size()];
    byte[] bytes = words.bytes();
    int size = 0;
    cells[size++] = BREAK;
    for (int word = 0; word < words.size(); word++) {
      counts[word] = words.count(word);
      int end = words.start(word + 1);
      for (int at = words.start(word); at < end; ) {
        int skipped = literals.lengthAt(bytes, at, end);
        int length = skipped > 0 ? skipped : characterLength(bytes, at, end);
        int codePoint = skipped > 0 ? NO_PIECE : Utf8.codePoint(bytes, at, length);
        wordOf[size] = word;
        // No piece has a NUL, which ends the keys of the reference's tables.
        cells[size++] = codePoint == 0 ? BREAK : codePoint;
        at += length;
      }
      wordOf[size] = word;
      cells[size++] = BREAK;
    }
    return new WordCharacters(Arrays.copyOf(cells, size), Arrays.copyOf(wordOf, size), counts);
  }

  /** At least 1, although rules that cut characters apart may leave what is not UTF-8. */
  private static int characterLength(byte[] bytes, int at, int end) {
    return Math.max(1, Utf8.length(bytes, at, end));
  }

  /** At most so many are needed; fewer where reserved texts are left out. */
  private static int cellCount(WordCounts words) {
    long count = 1L + words.size();
    for (int word = 0; word < words.size(); word++) {
      int end = words.start(word + 1);
      for (int at = words.start(word); at < end; count++) {
        at += characterLength(words.bytes(), at, end);
      }
    }
    if (count > Integer.MAX_VALUE - 8) {
      throw new TokenizerException(
          "the text has too many different words (more than 2^31 characters of them); train on a"
              + " sample of its sentences, by --input-sentence-size");
    }
    return (int) count;
  }

  /** How often each code point occurs in the text. */
  Map<Integer, Long> frequencies() {
    Map<Integer, Long> frequencies = new HashMap<>();
    long[] frequent = new long[0x3000];
    for (int i = 0; i < cells.length; i++) {
      int cell = cells[i];
      if (cell >= frequent.length) {
        frequencies.merge(cell, counts[wordOf[i]], Long::sum);
      } else if (cell >= 0) {
        frequent[cell] += counts[wordOf[i]];
      }
    }
    for (int codePoint = 0; codePoint < frequent.length; codePoint++) {
      if (frequent[codePoint] > 0) {
        frequencies.put(codePoint, frequent[codePoint]);
      }
    }
    return frequencies;
  }
}
