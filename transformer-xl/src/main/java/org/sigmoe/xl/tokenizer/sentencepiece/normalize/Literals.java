package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A few texts that are looked for at each place of another; the longest one counts. */
public final class Literals {
  private final List<byte[]> longestFirst;

  /** Which bytes one of them begins with: most bytes of a text are none. */
  private final boolean[] begins = new boolean[1 << Byte.SIZE];

  /** Looks for these texts, none of them empty. */
  public Literals(List<String> texts) {
    longestFirst =
        texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .sorted(Comparator.comparingInt((byte[] utf8) -> utf8.length).reversed())
            .toList();
    for (byte[] text : longestFirst) {
      begins[Byte.toUnsignedInt(text[0])] = true;
    }
  }

  /** The number of bytes of the text that is there at a place; 0 if none is. */
  public int lengthAt(byte[] bytes, int at, int end) {
    if (begins[Byte.toUnsignedInt(bytes[at])]) {
      for (byte[] text : longestFirst) {
        if (at + text.length <= end
            && Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
          return text.length;
        }
      }
    }
    return 0;
  }
}
