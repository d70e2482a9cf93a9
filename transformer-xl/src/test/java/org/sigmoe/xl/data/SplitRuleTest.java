package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitRuleTest {

  /**
   * Made with Python: {@code int.from_bytes(hashlib.sha256(p.encode()).digest()[:8], 'big') % 100}.
   */
  @ParameterizedTest
  @CsvSource({
    "java.base/java/lang/Object.java, TRAIN",
    "../../etc/passwd, TRAIN",
    "f29.txt, VALID",
    "f30.txt, TEST",
    "dir/été9.txt, VALID",
    "日本/3, TEST",
    // remainders 0, 89, 90, 94, 95, 99
    "p/52, TRAIN",
    "p/59, TRAIN",
    "p/73, VALID",
    "p/322, VALID",
    "p/2, TEST",
    "p/69, TEST",
  })
  void splitOfAPathNeverChanges(String path, Split expected) {
    assertEquals(expected, SplitRule.byPath(path));
  }

  @Test
  void manyPathsAreSplitNinetyFiveFive() {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (int i = 0; i < 20_000; i++) {
      counts.merge(SplitRule.byPath("some/folder/" + i + ".java"), 1, Integer::sum);
    }
    assertEquals(0.90, counts.get(Split.TRAIN) / 20_000.0, 0.01);
    assertEquals(0.05, counts.get(Split.VALID) / 20_000.0, 0.01);
    assertEquals(0.05, counts.get(Split.TEST) / 20_000.0, 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "100000000, 90000000, 95000000",
    "20, 18, 19",
    "199, 179, 189",
    "9223372036854775807, 8301034833169298226, 8762203435012037016",
  })
  void oneTextIsSplitByPosition(long length, long trainEnd, long validEnd) {
    assertEquals(0, SplitRule.start(Split.TRAIN, length));
    assertEquals(trainEnd, SplitRule.end(Split.TRAIN, length));
    assertEquals(trainEnd, SplitRule.start(Split.VALID, length));
    assertEquals(validEnd, SplitRule.end(Split.VALID, length));
    assertEquals(validEnd, SplitRule.start(Split.TEST, length));
    assertEquals(length, SplitRule.end(Split.TEST, length));
  }

  @Test
  void noSplitOfATextIsEmptyFromTheFewestBytesOn() {
    for (Split split : Split.values()) {
      for (int length = SplitRule.FEWEST_BYTES; length < 1000; length++) {
        assertTrue(SplitRule.start(split, length) < SplitRule.end(split, length));
      }
    }
    int tooFew = SplitRule.FEWEST_BYTES - 1;
    assertEquals(SplitRule.start(Split.VALID, tooFew), SplitRule.end(Split.VALID, tooFew));
  }
}
