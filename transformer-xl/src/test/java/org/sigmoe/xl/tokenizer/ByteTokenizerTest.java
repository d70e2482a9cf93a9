package org.sigmoe.xl.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ByteTokenizerTest {

  private final Tokenizer tokenizer = new ByteTokenizer();

  @Test
  void tokensAreTheUnsignedBytesOfUtf8() {
    assertEquals(256, tokenizer.vocabularySize());
    assertArrayEquals(new int[] {'a', 0xC3, 0xA9, 0xE2, 0x82, 0xAC}, tokenizer.encode("aé€"));
    assertArrayEquals(new int[0], tokenizer.encode(""));
  }

  @Test
  void decodingGivesTheEncodedTextBack() {
    String text = "int x = 1; // Größe, 日本, 😀\n\0\u007F";
    assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
  }

  @Test
  void unpairedSurrogateCountsAsQuestionMark() {
    assertArrayEquals(new int[] {'a', '?', 'b'}, tokenizer.encode("a\uD800b"));
  }

  @Test
  void decoderGivesEachCharacterAsSoonAsItIsWhole() {
    TokenDecoder decoder = tokenizer.decoder();
    assertEquals("a", decoder.accept('a'));
    assertEquals("", decoder.accept(0xC3));
    assertTrue(decoder.permits(0xA9));
    assertFalse(decoder.permits('a'));
    assertEquals("é", decoder.accept(0xA9));
    assertEquals("", decoder.finish());
  }

  @Test
  void unfinishedCharacterEndsAsOneReplacement() {
    TokenDecoder decoder = tokenizer.decoder();
    decoder.accept(0xE2);
    decoder.accept(0x82);
    assertEquals("\uFFFD", decoder.finish());
    assertEquals("", decoder.finish());
  }

  @Test
  void decodersOfOneTokenizerDoNotShareState() {
    TokenDecoder unfinished = tokenizer.decoder();
    unfinished.accept(0xC3);
    assertEquals("z", tokenizer.decoder().accept('z'));
  }

  @Test
  void tokenOutsideTheVocabularyIsRefused() {
    TokenDecoder decoder = tokenizer.decoder();
    for (int token : new int[] {-1, 256}) {
      assertThrows(IllegalArgumentException.class, () -> decoder.accept(token));
      assertThrows(IllegalArgumentException.class, () -> decoder.permits(token));
    }
  }
}
