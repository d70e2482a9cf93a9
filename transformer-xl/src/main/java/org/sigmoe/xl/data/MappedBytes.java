package org.sigmoe.xl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The bytes of a memory-mapped file, each of them a token 0..255. The system pages the file in as
 * it is read, so it may be larger than memory; it must not be shortened meanwhile.
 */
final class MappedBytes implements TokenSource {

  private final String description;
  private final MemorySegment bytes;

  private MappedBytes(String description, MemorySegment bytes) {
    this.description = description;
    this.bytes = bytes;
  }

  /**
   * Maps a whole file, which is not empty.
   *
   * @param arena whose end ends the mapping
   * @throws DataException if the file cannot be read
   */
  static MappedBytes map(Path file, String description, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new MappedBytes(
          description, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /** The bytes from {@code start} to {@code end} (exclusive) of the same mapping. */
  MappedBytes slice(String sliceDescription, long start, long end) {
    return new MappedBytes(sliceDescription, bytes.asSlice(start, end - start));
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long length() {
    return bytes.byteSize();
  }

  @Override
  public void read(long position, int count, MemorySegment target, long index) {
    Objects.checkFromIndexSize(position, count, length());
    Objects.checkFromIndexSize(index, count, target.byteSize() / Integer.BYTES);
    for (int i = 0; i < count; i++) {
      int token = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, position + i));
      target.setAtIndex(ValueLayout.JAVA_INT, index + i, token);
    }
  }

  @Override
  public Optional<TextCounts> countText() {
    TextCounter counter = new TextCounter();
    for (long i = 0; i < length(); i++) {
      counter.add(bytes.get(ValueLayout.JAVA_BYTE, i));
    }
    return Optional.of(counter.counts(length()));
  }
}
