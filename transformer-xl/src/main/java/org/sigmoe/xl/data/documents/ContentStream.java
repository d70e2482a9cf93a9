package org.sigmoe.xl.data.documents;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** The content of a file: decompressed if it is gzip or zstd, and counted as it is read. */
final class ContentStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST_MAGIC = 6;
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  /** How xz and bzip2 files begin. */
  private static final List<byte[]> UNKNOWN =
      List.of(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0}, new byte[] {'B', 'Z', 'h'});

  private ContentStream() {}

  /**
   * Opens content by its first bytes.
   *
   * @param file is closed with the stream
   * @param read hears how many bytes of the file were read, each time that some were
   * @throws IOException if it is compressed in a way that is not known here
   */
  static InputStream open(InputStream file, LongConsumer read) throws IOException {
    try {
      return decompressed(new BufferedInputStream(new Counted(file, read), BUFFER_BYTES));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static InputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(LONGEST_MAGIC);
    byte[] start = in.readNBytes(LONGEST_MAGIC);
    in.reset();
    if (beginsWith(start, GZIP)) {
      return new GZIPInputStream(in, BUFFER_BYTES);
    }
    if (beginsWith(start, ZSTD)) {
      // Its limit on the window of a frame, 128 MiB, bounds the memory that a file can ask for.
      return new ZstdInputStream(in);
    }
    if (UNKNOWN.stream().anyMatch(magic -> beginsWith(start, magic))) {
      throw new IOException("it is compressed by xz or bzip2; unpack it, or make it .gz or .zst");
    }
    return in;
  }

  private static boolean beginsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** Part of content: what lies outside is not read. */
  static InputStream part(InputStream content, long start, long end) throws IOException {
    content.skipNBytes(start);
    return new Limited(content, end - start);
  }

  private static final class Counted extends FilterInputStream {
    private final LongConsumer read;

    Counted(InputStream in, LongConsumer read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        read.accept(count);
      }
      return count;
    }
  }

  private static final class Limited extends FilterInputStream {
    private long left;

    Limited(InputStream in, long count) {
      super(in);
      this.left = count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = super.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }
}
