package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.sigmoe.xl.data.TextCacheManifest.Part;

/** Compares a file of the cache with what its manifest says of it. */
final class PartCheck {

  private static final int BUFFER_BYTES = 1 << 20;

  private PartCheck() {}

  /** What is wrong with the size of the file, if anything is. */
  static Optional<String> size(Path file, Part part) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.size() == part.bytes()
          ? Optional.empty()
          : Optional.of(
              "%s has %d bytes instead of %d"
                  .formatted(file.getFileName(), channel.size(), part.bytes()));
    }
  }

  /** What is wrong with the content of the file, if anything is; reads all of it. */
  static Optional<String> checksum(Path file, Part part) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
    }
    return Part.of(part.name(), part.bytes(), crc).equals(part)
        ? Optional.empty()
        : Optional.of(file.getFileName() + " does not have the checksum it was written with");
  }
}
