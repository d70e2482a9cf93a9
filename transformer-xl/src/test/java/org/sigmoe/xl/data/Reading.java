package org.sigmoe.xl.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Reads token sources in the way tests like. */
final class Reading {

  private Reading() {}

  static int[] tokens(TokenSource source, long position, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(ValueLayout.JAVA_INT, count);
      source.read(position, count, target, 0);
      return target.toArray(ValueLayout.JAVA_INT);
    }
  }

  static String text(TokenSource source) {
    int[] tokens = tokens(source, 0, Math.toIntExact(source.length()));
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) tokens[i];
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
