package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a folder of joined texts holds and where it came from; kept in it as {@link
 * JoinedText#manifest}.
 *
 * @param format the layout of folder and manifest, {@link #FORMAT}
 * @param source the directory or archive, for people to read
 * @param listing {@link DocumentSet#listing} of the source, by which a change of it is noticed
 * @param documents how many texts were joined
 * @param parts the files, in the order of {@link Partition#parts}
 */
record TextCacheManifest(
    int format, String source, String listing, int documents, List<Part> parts) {

  /** Raise it when the same source would give other bytes, or the manifest other fields. */
  static final int FORMAT = 1;

  /**
   * One file.
   *
   * @param name of the part; the file is called {@code name.bin}
   * @param bytes its size
   * @param crc32c its CRC-32C, 8 hexadecimal digits
   */
  record Part(String name, long bytes, String crc32c) {

    static Part of(String name, long bytes, CRC32C crc) {
      return new Part(name, bytes, "%08x".formatted(crc.getValue()));
    }
  }

  byte[] toJson() {
    return JsonFile.bytes(this);
  }

  /**
   * Reads a manifest.
   *
   * @throws IOException if the file cannot be read, or is not a manifest with all its fields
   */
  static TextCacheManifest read(Path file) throws IOException {
    return JsonFile.read(file, TextCacheManifest.class);
  }
}
