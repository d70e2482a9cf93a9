package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.TextNormalizer.AddedSpace;

class TextNormalizerTest {
  private static final Set<NormalizerFlag> ALL = NormalizerFlag.defaults();
  private static final ByteString RULES =
      CompiledCharsMap.compile(
          new CharsMap(
              Map.of("ab", "1", "a", "2", "abcd", "3", "x", "", "~", " ", "é", "e", "_", " _ ")));

  private static String normalized(Set<NormalizerFlag> flags, ByteString rules, byte[] text) {
    return normalized(new NormalizerSpec("test", rules, flags), AddedSpace.BEFORE, text);
  }

  private static String normalized(NormalizerSpec spec, AddedSpace place, byte[] text) {
    TextNormalizer normalizer = new TextNormalizer(spec, place, List.of("<ab>"));
    int length = normalizer.normalize(text, 0, text.length);
    return new String(normalizer.result(), 0, length, StandardCharsets.UTF_8);
  }

  private static Set<NormalizerFlag> without(NormalizerFlag flag) {
    EnumSet<NormalizerFlag> flags = EnumSet.copyOf(ALL);
    flags.remove(flag);
    return flags;
  }

  @ParameterizedTest
  @CsvSource({
    "'abcd', '▁3'",
    "'abc', '▁1c'",
    "'aab', '▁21'",
    "'<ab>', '▁<ab>'",
    "'  two   words  ', '▁two▁words'",
    "'~~c~~d~', '▁c▁d'",
    "'x', ''",
    "'x  c', '▁c'",
    "'_', '▁_'",
    "'é', '▁e'",
    "'   ', ''",
    "'', ''",
  })
  void theLongestRuleCountsAndSpacesAreOne(String text, String expected) {
    assertEquals(expected, normalized(ALL, RULES, text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void everyFlagDoesWhatItSays() {
    byte[] text = " a  b ".getBytes(StandardCharsets.UTF_8);
    assertEquals("▁a▁b", normalized(ALL, ByteString.EMPTY, text));
    assertEquals(
        "a▁b", normalized(without(NormalizerFlag.ADD_DUMMY_PREFIX), ByteString.EMPTY, text));
    assertEquals(
        "▁▁a▁▁b▁",
        normalized(without(NormalizerFlag.REMOVE_EXTRA_WHITESPACES), ByteString.EMPTY, text));
    assertEquals(
        " a b", normalized(without(NormalizerFlag.ESCAPE_WHITESPACES), ByteString.EMPTY, text));
    assertEquals(
        "a▁b▁", normalized(new NormalizerSpec("", ByteString.EMPTY, ALL), AddedSpace.AFTER, text));
  }

  @Test
  void eachByteThatIsPartOfNoCharacterIsAReplacementCharacter() {
    byte[] text = {'c', (byte) 0xE2, (byte) 0x82, 'd', (byte) 0xFF, (byte) 0xC3};
    assertEquals("▁c\uFFFD\uFFFDd\uFFFD\uFFFD", normalized(ALL, RULES, text));
  }

  @Test
  void aTableThatLeadsOutsideIsRefused() {
    byte[] sound = RULES.toByteArray();
    for (int unit = 0; unit < (sound.length - 300) / 4; unit += 7) {
      byte[] damaged = sound.clone();
      // The highest bit of an offset: the children would be a million units away.
      damaged[4 + 4 * unit + 3] |= 0x40;
      boolean isValue = (damaged[4 + 4 * unit + 3] & 0x80) != 0;
      if (!isValue) {
        refused(ByteString.copyFrom(damaged));
      }
    }
    refused(RULES.substring(0, 3));
    refused(RULES.substring(0, 500));
    refused(RULES.concat(ByteString.copyFromUtf8("not ended")));
  }

  private static void refused(ByteString rules) {
    assertThrows(
        TokenizerException.class,
        () -> TextNormalizer.check(new NormalizerSpec("damaged", rules, ALL)));
  }
}
