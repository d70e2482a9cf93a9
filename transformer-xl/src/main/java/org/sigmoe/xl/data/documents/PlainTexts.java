package org.sigmoe.xl.data.documents;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts of files that are text themselves. */
final class PlainTexts {

  /** Of a piece of a whole text. */
  private static final int PIECE_BYTES = 1 << 16;

  /** A character of UTF-8 has at most so many bytes after its first. */
  private static final int MOST_CONTINUATIONS = 3;

  private PlainTexts() {}

  /** Each line that is not empty. */
  static Texts lines(InputStream in, int longest) {
    LineReader lines = new LineReader(in, longest);
    return () -> {
      byte[] line = lines.next();
      while (line != null && line.length == 0) {
        line = lines.next();
      }
      return line;
    };
  }

  /** Everything, in pieces that end between two characters. */
  static Texts whole(InputStream in) {
    return new Whole(in);
  }

  private static final class Whole implements Texts {
    private final InputStream in;
    private byte[] rest = new byte[0];

    Whole(InputStream in) {
      this.in = in;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      byte[] piece = Arrays.copyOf(rest, PIECE_BYTES);
      int count = rest.length + in.readNBytes(piece, rest.length, PIECE_BYTES - rest.length);
      if (count < PIECE_BYTES) {
        rest = new byte[0];
        return count == 0 ? null : Arrays.copyOf(piece, count);
      }
      int end = count - unfinished(piece, count);
      rest = Arrays.copyOfRange(piece, end, count);
      return Arrays.copyOf(piece, end);
    }
  }

  /** How many bytes at the end begin a character of UTF-8 that goes on after them. */
  private static int unfinished(byte[] bytes, int count) {
    for (int back = 1; back <= MOST_CONTINUATIONS; back++) {
      int lead = Byte.toUnsignedInt(bytes[count - back]);
      if (lead >= 0xC0) {
        int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return length > back ? back : 0;
      }
      if (lead < 0x80) {
        return 0;
      }
    }
    return 0;
  }
}
