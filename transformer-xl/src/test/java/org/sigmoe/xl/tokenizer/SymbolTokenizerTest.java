package org.sigmoe.xl.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

class SymbolTokenizerTest {
  private static final String TEXT = "b\u00e4b \ud83d\ude00";

  private static SymbolTokenizer of(Symbols symbols, String text) {
    SymbolTokenizer.Collector seen = new SymbolTokenizer.Collector(symbols);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    seen.add(bytes, 0, bytes.length);
    return seen.tokenizer();
  }

  @Test
  void tokensAreTheSymbolsSeenInAscendingOrder() {
    SymbolTokenizer characters = of(Symbols.CHARACTERS, TEXT);
    assertEquals(4, characters.vocabularySize());
    assertArrayEquals(new int[] {1, 2, 1, 0, 3}, characters.encode(TEXT));

    SymbolTokenizer bytes = of(Symbols.BYTES, TEXT); // 20 62 80 98 9F A4 C3 F0
    assertEquals(8, bytes.vocabularySize());
    assertArrayEquals(new int[] {1, 6, 5, 1, 0, 7, 4, 3, 2}, bytes.encode(TEXT));
    assertArrayEquals(new int[] {5}, bytes.encode(new byte[] {(byte) 0xA4}));
    assertArrayEquals(new byte[] {(byte) 0xA4, 'b'}, bytes.textOf(new int[] {5, 1}));
  }

  @ParameterizedTest
  @EnumSource
  void textComesBack(Symbols symbols) {
    SymbolTokenizer tokenizer = of(symbols, TEXT);
    int[] tokens = tokenizer.encode(TEXT);

    assertEquals(TEXT, tokenizer.decode(tokens));
    assertArrayEquals(TEXT.getBytes(StandardCharsets.UTF_8), tokenizer.textOf(tokens));
  }

  @ParameterizedTest
  @EnumSource
  void theFileGivesTheSameTokenizer(Symbols symbols) throws IOException {
    SymbolTokenizer tokenizer = of(symbols, TEXT);
    SymbolTokenizer again = SymbolTokenizer.fromJson(tokenizer.toJson());

    assertEquals(tokenizer.name(), again.name());
    assertArrayEquals(tokenizer.encode(TEXT), again.encode(TEXT));
    assertArrayEquals(tokenizer.toJson(), again.toJson());
  }

  @Test
  void aSymbolThatWasNotSeenIsNamed() {
    TokenizerException character =
        assertThrows(
            TokenizerException.class, () -> of(Symbols.CHARACTERS, "ab").encode("a\u20acb"));
    assertTrue(character.getMessage().contains("U+20AC"), character.getMessage());
    TokenizerException aByte =
        assertThrows(TokenizerException.class, () -> of(Symbols.BYTES, "ab").encode("\u20ac"));
    assertTrue(aByte.getMessage().contains("0xE2"), aByte.getMessage());
  }

  @Test
  void anUnpairedSurrogateIsAQuestionMark() {
    assertArrayEquals(new int[] {0}, of(Symbols.CHARACTERS, "?x").encode("\ud83d"));
  }

  @Test
  void bytesThatCannotGoOnAreNotPermitted() {
    SymbolTokenizer bytes = of(Symbols.BYTES, "b\u00e4"); // 62 A4 C3
    TokenDecoder decoder = bytes.decoder();

    assertTrue(decoder.permits(0));
    assertFalse(decoder.permits(1));
    assertEquals("", decoder.accept(2));
    assertTrue(decoder.permits(1));
    assertFalse(decoder.permits(0));
    assertEquals("\ufffd", decoder.finish());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1,2]",
        "{\"format\":\"sigmoe-symbols\",\"version\":1,\"symbols\":\"BYTES\",\"vocabulary\":[]}",
        "{\"format\":\"sigmoe-symbols\",\"version\":1,\"symbols\":\"BYTES\",\"vocabulary\":[256]}",
        "{\"format\":\"sigmoe-symbols\",\"version\":1,\"symbols\":\"BYTES\",\"vocabulary\":[2,2]}",
        "{\"format\":\"sigmoe-symbols\",\"version\":2,\"symbols\":\"BYTES\",\"vocabulary\":[2]}",
        "{\"format\":\"other\",\"version\":1,\"symbols\":\"BYTES\",\"vocabulary\":[2]}"
      })
  void otherFilesAreRefused(String json) {
    assertThrows(
        IOException.class, () -> SymbolTokenizer.fromJson(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void nothingSeenIsNoVocabulary() {
    assertThrows(IllegalArgumentException.class, () -> of(Symbols.BYTES, ""));
  }
}
