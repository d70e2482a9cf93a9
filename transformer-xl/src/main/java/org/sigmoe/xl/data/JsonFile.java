package org.sigmoe.xl.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records of strings and numbers as small JSON files: what a folder holds, where a file is from.
 */
public final class JsonFile {

  /** No file of ours comes near it; a greater one is not read. */
  private static final int MOST_BYTES = 16 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private JsonFile() {}

  /** The content of a file that holds a record. */
  public static byte[] bytes(Record content) {
    try {
      return JSON.writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of strings and numbers can be written", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IOException if the file cannot be read, is far too large, or does not hold such a
   *     record with all its fields and no others
   */
  public static <T extends Record> T read(Path file, Class<T> type) throws IOException {
    return JSON.treeToValue(read(file), type);
  }

  /**
   * Reads whatever JSON a file holds.
   *
   * @throws IOException if it cannot be read, is far too large, or is no JSON
   */
  public static JsonNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
      }
      return JSON.readTree(content);
    }
  }
}
