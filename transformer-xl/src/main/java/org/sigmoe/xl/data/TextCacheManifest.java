package org.sigmoe.xl.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

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
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest is plain strings and numbers", e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws IOException if the file cannot be read, or is not a manifest with all its fields
   */
  static TextCacheManifest read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), TextCacheManifest.class);
  }
}
