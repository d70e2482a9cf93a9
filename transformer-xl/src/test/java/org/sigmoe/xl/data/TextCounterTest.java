package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextCounterTest {

  private static TextCounts count(String... pieces) {
    TextCounter counter = new TextCounter();
    for (String piece : pieces) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      counter.add(bytes, 0, bytes.length);
    }
    return counter.counts(0);
  }

  @Test
  void countsBytesCodePointsAndRunsWithoutWhiteSpace() {
    // a=1, e-acute=2, euro=3, G clef=4 bytes
    assertEquals(new TextCounts(0, 17, 11, 3), count("a\u00e9 \u20ac\t\n \ud834\udd1e=\r\n"));
    assertEquals(new TextCounts(0, 0, 0, 0), count(""));
    assertEquals(new TextCounts(0, 3, 3, 0), count(" \n\t"));
  }

  @Test
  void aWordMayGoOnInTheNextPiece() {
    assertEquals(new TextCounts(0, 9, 9, 2), count("one t", "wo", "\n "));
  }

  @Test
  void theEndOfATextEndsAWord() {
    TextCounter counter = new TextCounter();
    counter.add((byte) 'a');
    counter.endText();
    counter.add((byte) 'b');

    assertEquals(new TextCounts(7, 2, 2, 2), counter.counts(7));
  }
}
