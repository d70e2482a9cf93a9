package org.sigmoe.xl.data.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines, which end with LF or CR LF, or with the stream. */
final class LineReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private long line;

  /**
   * Reads lines of a stream.
   *
   * @param longest the most bytes that a line may have
   */
  LineReader(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** The number of the line that was read last, from 1. */
  long line() {
    return line;
  }

  /**
   * The next line without its end, which may be empty; null at the end of the stream.
   *
   * @throws IOException if the line is too long, or the stream cannot be read
   */
  byte @Nullable [] next() throws IOException {
    if (position == limit && !fill()) {
      return null;
    }
    line++;
    ByteArrayOutputStream longer = null;
    while (true) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      boolean ended = end < limit;
      if ((longer == null ? 0L : longer.size()) + end - position > longest) {
        throw new IOException(
            "line %,d has more than %,d bytes, which no text may have".formatted(line, longest));
      }
      if (ended && longer == null) {
        byte[] found = withoutReturn(buffer, position, end);
        position = end + 1;
        return found;
      }
      longer = longer == null ? new ByteArrayOutputStream() : longer;
      longer.write(buffer, position, end - position);
      position = ended ? end + 1 : end;
      if (ended || !fill()) {
        byte[] all = longer.toByteArray();
        return withoutReturn(all, 0, all.length);
      }
    }
  }

  private static byte[] withoutReturn(byte[] bytes, int start, int end) {
    int last = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
    return Arrays.copyOfRange(bytes, start, last);
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
