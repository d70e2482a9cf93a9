package org.sigmoe.xl.tokenizer.sentencepiece;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The files beside {@code make.sh}, which made them by the reference programs. */
public final class Fixture {
  private Fixture() {}

  /** The bytes of a file. */
  public static byte[] bytes(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  /** The lines of a file as they are, UTF-8 or not. */
  public static List<byte[]> lines(String name) {
    byte[] all = bytes(name);
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n') {
        lines.add(Arrays.copyOfRange(all, from, i));
        from = i + 1;
      }
    }
    return lines;
  }
}
