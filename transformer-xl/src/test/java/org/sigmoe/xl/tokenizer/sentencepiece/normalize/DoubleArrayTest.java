package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DoubleArrayTest {

  @Test
  void theLongestKeyIsFoundAsBySearchInAMap() {
    Random random = new Random(1);
    for (int round = 0; round < 30; round++) {
      Map<String, String> rules = new TreeMap<>();
      int letters = 1 + random.nextInt(60);
      for (int i = 0; i < 1 + random.nextInt(2000); i++) {
        String key = word(random, letters, 6);
        rules.put(key, word(random, 3, 2));
      }
      CompiledCharsMap compiled =
          CompiledCharsMap.read(CompiledCharsMap.compile(new CharsMap(rules)));
      CompiledCharsMap.Match match = new CompiledCharsMap.Match();
      for (int i = 0; i < 2000; i++) {
        String text = word(random, letters + 2, 9);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        compiled.longest(utf8, 0, utf8.length, match);
        String longest = longest(rules, text);
        assertEquals(longest.getBytes(StandardCharsets.UTF_8).length, match.length, text);
        if (match.length > 0) {
          int end = match.replacement;
          while (compiled.replacements()[end] != 0) {
            end++;
          }
          assertEquals(
              rules.get(longest),
              new String(
                  compiled.replacements(),
                  match.replacement,
                  end - match.replacement,
                  StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Test
  void aNulInATextMatchesNothing() {
    CompiledCharsMap compiled =
        CompiledCharsMap.read(CompiledCharsMap.compile(new CharsMap(Map.of("a", "b"))));
    CompiledCharsMap.Match match = new CompiledCharsMap.Match();
    compiled.longest(new byte[] {0, 'a', 0}, 0, 3, match);
    assertEquals(0, match.length);
    compiled.longest(new byte[] {'a', 0, 0}, 0, 3, match);
    assertEquals(1, match.length);
  }

  private static String longest(Map<String, String> rules, String text) {
    for (int length = text.length(); length > 0; length--) {
      if (rules.containsKey(text.substring(0, length))) {
        return text.substring(0, length);
      }
    }
    return "";
  }

  private static String word(Random random, int letters, int longest) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 1 + random.nextInt(longest); i++) {
      word.append((char) ('\u00e0' + 37 * random.nextInt(letters)));
    }
    return word.toString();
  }
}
