package org.sigmoe.nn.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks a safetensors header. Nothing in it is believed: names are unique, types known,
 * shapes and offsets agree without overflow, and the tensors cover their bytes without gap or
 * overlap, as the reference implementation demands.
 */
final class SafetensorsHeaderParser {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final JsonParser json;

  private SafetensorsHeaderParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Parses a header.
   *
   * @param file the file it comes from, for messages
   * @param bytes the header without its length
   * @throws CheckpointException if anything about it is wrong
   */
  static SafetensorsHeader parse(Path file, byte[] bytes) throws CheckpointException {
    checkUtf8(file, bytes);
    try (JsonParser json = JSON.createParser(bytes)) {
      return new SafetensorsHeaderParser(file, json).header();
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      long offset = at == null ? 0 : Math.max(0, at.getByteOffset());
      throw new CheckpointException(
          damaged(file, offset) + "is not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointException.notReadable(file, e);
    }
  }

  private SafetensorsHeader header() throws IOException {
    Map<String, String> metadata = new HashMap<>();
    List<SafetensorsHeader.Entry> entries = new ArrayList<>();
    expect(JsonToken.START_OBJECT, "an object of tensors");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (name.equals(TensorSpec.METADATA_KEY)) {
        readMetadata(metadata);
      } else {
        entries.add(readTensor(name));
      }
    }
    if (json.nextToken() != null) {
      throw wrong("goes on after its closing brace");
    }
    entries.sort(
        Comparator.comparingLong(SafetensorsHeader.Entry::begin)
            .thenComparingLong(SafetensorsHeader.Entry::end));
    checkContiguous(entries);
    return new SafetensorsHeader(metadata, entries);
  }

  private void readMetadata(Map<String, String> metadata) throws IOException {
    expect(JsonToken.START_OBJECT, "an object of strings as __metadata__");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      expect(JsonToken.VALUE_STRING, "a string as __metadata__ \"" + key + "\"");
      metadata.put(key, json.getText());
    }
  }

  private SafetensorsHeader.Entry readTensor(String name) throws IOException {
    String what = "tensor \"" + name + "\"";
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    expect(JsonToken.START_OBJECT, "an object describing " + what);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      switch (json.currentName()) {
        case "dtype" -> {
          expect(JsonToken.VALUE_STRING, "a string as dtype of " + what);
          type = elementType(what, json.getText());
        }
        case "shape" -> shape = readSizes("shape of " + what);
        case "data_offsets" -> offsets = readSizes("data_offsets of " + what);
        default -> {
          // Fields that later versions of the format may add; the reference skips them too.
          json.nextToken();
          json.skipChildren();
        }
      }
    }
    if (type == null || shape == null || offsets == null) {
      throw wrong("lacks dtype, shape or data_offsets of " + what);
    }
    return entry(what, specOf(name, type, shape), offsets);
  }

  private TensorSpec specOf(String name, ElementType type, List<Long> shape)
      throws CheckpointException {
    try {
      return new TensorSpec(name, type, shape);
    } catch (IllegalArgumentException e) {
      throw wrong("cannot be right: " + e.getMessage());
    }
  }

  private SafetensorsHeader.Entry entry(String what, TensorSpec spec, List<Long> offsets)
      throws CheckpointException {
    if (offsets.size() != 2) {
      throw wrong("gives " + offsets.size() + " data_offsets for " + what + ", not 2");
    }
    long begin = offsets.getFirst();
    long end = offsets.getLast();
    if (end < begin || end - begin != spec.byteSize()) {
      throw wrong(
          "gives "
              + what
              + " the bytes "
              + begin
              + " to "
              + end
              + ", but "
              + spec.describeType()
              + " takes "
              + spec.byteSize());
    }
    return new SafetensorsHeader.Entry(spec, begin);
  }

  private List<Long> readSizes(String what) throws IOException {
    List<Long> sizes = new ArrayList<>();
    expect(JsonToken.START_ARRAY, "an array as " + what);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
        throw wrong("has something other than a whole number from 0 up in the " + what);
      }
      sizes.add(json.getLongValue());
    }
    return sizes;
  }

  private ElementType elementType(String what, String name) throws CheckpointException {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw wrong("gives " + what + " the dtype " + name + ", which is not supported");
  }

  private void checkContiguous(List<SafetensorsHeader.Entry> entries) throws CheckpointException {
    long next = 0;
    for (SafetensorsHeader.Entry entry : entries) {
      if (entry.begin() != next) {
        throw new CheckpointException(
            file
                + ": the header leaves a gap or an overlap in the tensor bytes: tensor \""
                + entry.spec().name()
                + "\" begins at byte "
                + entry.begin()
                + " of the data, but the one before it ends at "
                + next);
      }
      next = entry.end();
    }
  }

  private void expect(JsonToken token, String what) throws IOException {
    if (json.nextToken() != token) {
      throw wrong("should have " + what);
    }
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(damaged(file, json.currentLocation().getByteOffset()) + what);
  }

  /** Returns the beginning of a message; the place counts from the beginning of the file. */
  private static String damaged(Path file, long headerOffset) {
    return file
        + ": the header, near byte "
        + (SafetensorsHeader.LENGTH_BYTES + headerOffset)
        + " of the file, ";
  }

  private static void checkUtf8(Path file, byte[] bytes) throws CheckpointException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer scratch = CharBuffer.allocate(8192);
    @Nullable CoderResult result = null;
    while (result == null || result.isOverflow()) {
      result = decoder.decode(in, scratch.clear(), true);
    }
    if (result.isError()) {
      throw new CheckpointException(damaged(file, in.position()) + "is not valid UTF-8");
    }
  }
}
