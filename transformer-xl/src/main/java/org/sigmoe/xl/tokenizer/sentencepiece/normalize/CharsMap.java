package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rules that replace sequences of characters. At each place of a text the longest sequence that has
 * a rule is replaced, and what comes out is not looked at again.
 *
 * @param rules what is replaced, and by what; both well-formed, what is replaced not empty
 */
record CharsMap(Map<String, String> rules) {

  /** No rules. */
  static final CharsMap EMPTY = new CharsMap(Map.of());

  /**
   * These rules less those that say only what shorter ones say together, as for a letter with two
   * accents of which the first becomes one character with the letter by a rule of its own.
   */
  CharsMap withoutRedundant() {
    TreeMap<Integer, List<String>> byLength =
        rules.keySet().stream()
            .collect(Collectors.groupingBy(CharsMap::length, TreeMap::new, Collectors.toList()));
    Map<String, String> needed = new HashMap<>();
    byLength.forEach(
        (length, keys) -> {
          for (String key : keys) {
            String replacement = rules.get(key);
            if (length == 1 || !replace(key, needed, length - 1).equals(replacement)) {
              needed.put(key, replacement);
            }
          }
        });
    return new CharsMap(needed);
  }

  /** A text after rules for sequences of at most so many characters. */
  private static String replace(String text, Map<String, String> rules, int longest) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end =
          text.offsetByCodePoints(at, Math.min(longest, text.codePointCount(at, text.length())));
      while (end > at && !rules.containsKey(text.substring(at, end))) {
        end = text.offsetByCodePoints(end, -1);
      }
      if (end > at) {
        out.append(rules.get(text.substring(at, end)));
      } else {
        end = text.offsetByCodePoints(at, 1);
        out.append(text, at, end);
      }
      at = end;
    }
    return out.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
