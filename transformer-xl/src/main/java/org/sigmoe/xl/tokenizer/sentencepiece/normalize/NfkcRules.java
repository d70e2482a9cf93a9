package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Unicode's normalisation form KC as rules: one for every character that it changes, and one for
 * every sequence that it makes one character of.
 *
 * <p>Not for every sequence of characters: combining marks in an unusual order, or a mark after a
 * composed character that the form would compose further across another mark, stay as they are. So
 * it is in the reference, whose table is made alike (from Unicode as an older ICU had it).
 */
final class NfkcRules {

  private NfkcRules() {}

  /** The rules, from the JDK's tables, with many that shorter ones make redundant. */
  static CharsMap rules() {
    Map<String, String> rules = new HashMap<>();
    // Which characters decompose to this one, itself among them.
    Map<Integer, List<String>> origins = new HashMap<>();
    Set<String> decomposed = new HashSet<>();
    for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (!Character.isDefined(codePoint)) {
        continue;
      }
      String character = Character.toString(codePoint);
      String composed = Normalizer.normalize(character, Normalizer.Form.NFKC);
      if (!composed.equals(character)) {
        rules.put(character, composed);
      }
      String decomposition = Normalizer.normalize(character, Normalizer.Form.NFKD);
      int first = decomposition.codePointAt(0);
      if (Character.charCount(first) == decomposition.length()) {
        origins.computeIfAbsent(first, key -> new ArrayList<>()).add(character);
      } else {
        decomposed.add(decomposition);
      }
    }
    for (String sequence : decomposed) {
      String composed = Normalizer.normalize(sequence, Normalizer.Form.NFC);
      if (!composed.equals(sequence)) {
        for (String written : spellings(sequence, origins)) {
          if (!written.equals(composed)) {
            rules.put(written, composed);
          }
        }
      }
    }
    return new CharsMap(rules);
  }

  /** All sequences whose characters decompose to those of this one. */
  private static List<String> spellings(String sequence, Map<Integer, List<String>> origins) {
    List<String> spellings = List.of("");
    for (int codePoint : sequence.codePoints().toArray()) {
      List<String> longer = new ArrayList<>();
      for (String beginning : spellings) {
        for (String character : origins.getOrDefault(codePoint, List.of())) {
          longer.add(beginning + character);
        }
      }
      spellings = longer;
    }
    return spellings;
  }
}
