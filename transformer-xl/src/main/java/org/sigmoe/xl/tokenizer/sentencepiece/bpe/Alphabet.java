package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The characters that have pieces of their own.
 *
 * @param byFrequency the code points, the most frequent first
 * @param ascending the same in ascending order; a character's number is its index here, so that
 *     numbers compare as code points do
 */
record Alphabet(List<Integer> byFrequency, int[] ascending) {

  /**
   * The most frequent characters.
   *
   * @param frequencies how often each code point occurs
   * @param coverage characters are taken until they are this share of the text
   */
  static Alphabet of(Map<Integer, Long> frequencies, float coverage) {
    long all = frequencies.values().stream().mapToLong(Long::longValue).sum();
    List<Map.Entry<Integer, Long>> sorted =
        frequencies.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<Integer> byFrequency = new ArrayList<>();
    long covered = 0;
    for (Map.Entry<Integer, Long> character : sorted) {
      // In float, as the reference compares.
      if ((float) ((double) covered / all) >= coverage) {
        break;
      }
      covered += character.getValue();
      if (character.getKey() != WordCharacters.NO_PIECE) {
        byFrequency.add(character.getKey());
      }
    }
    int[] ascending = byFrequency.stream().mapToInt(Integer::intValue).sorted().toArray();
    return new Alphabet(byFrequency, ascending);
  }

  /** The number of a code point; negative if it is none of the alphabet's. */
  int number(int codePoint) {
    return Arrays.binarySearch(ascending, codePoint);
  }

  int size() {
    return ascending.length;
  }
}
