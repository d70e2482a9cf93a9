package org.sigmoe.cli.command;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.data.TokenSource;

/** The bytes of a text, for those who read streams. */
final class TokenizerInput extends InputStream {
  private static final int CHUNK = 1 << 16;

  private final TokenSource text;
  private final MemorySegment chunk = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, CHUNK);
  private long position;

  /** A stream over a text whose tokens are bytes. */
  TokenizerInput(TokenSource text) {
    this.text = text;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) {
    int count = (int) Math.min(Math.min(length, CHUNK), text.length() - position);
    if (count <= 0) {
      return length == 0 ? 0 : -1;
    }
    text.read(position, count, chunk, 0);
    for (int i = 0; i < count; i++) {
      int token = chunk.getAtIndex(ValueLayout.JAVA_INT, i);
      if (token >= 1 << Byte.SIZE) {
        throw new UsageException(
            "--input: %s is not a text but tokens; give the text that they were made of"
                .formatted(text.description()));
      }
      bytes[from + i] = (byte) token;
    }
    position += count;
    return count;
  }
}
