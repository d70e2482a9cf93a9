package org.sigmoe.nn.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON header of a safetensors file: which tensor lies where.
 *
 * @param metadata free text by key; empty if there is none
 * @param entries the tensors in the order of their bytes, which follow each other without gaps
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {

  /** The header's own length, before it in the file, takes this many bytes. */
  static final int LENGTH_BYTES = 8;

  /** The longest header that the reference implementation accepts, in bytes. */
  static final long MAX_BYTES = 100_000_000;

  /**
   * The order in which the reference implementation writes tensors: larger alignment first, then by
   * name. Each tensor so begins at a multiple of its element size.
   */
  static final Comparator<TensorSpec> ORDER =
      Comparator.comparing(TensorSpec::type).reversed().thenComparing(TensorSpec::name);

  /**
   * One tensor.
   *
   * @param spec what it is
   * @param begin its first byte, counted from the end of the header
   */
  record Entry(TensorSpec spec, long begin) {
    long end() {
      return begin + spec.byteSize();
    }
  }

  SafetensorsHeader {
    metadata = Map.copyOf(metadata);
    entries = List.copyOf(entries);
  }

  /** Returns the header for tensors whose bytes follow each other in the order given. */
  static SafetensorsHeader of(List<TensorSpec> ordered, Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>(ordered.size());
    long begin = 0;
    for (TensorSpec tensor : ordered) {
      Entry entry = new Entry(tensor, begin);
      entries.add(entry);
      begin = entry.end();
    }
    return new SafetensorsHeader(metadata, entries);
  }

  /** Returns the size of the tensors' bytes together. */
  long dataSize() {
    return entries.isEmpty() ? 0 : entries.getLast().end();
  }

  /** Returns the header as it stands in a file, padded with spaces to a multiple of 8 bytes. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(TensorSpec.METADATA_KEY);
        for (Map.Entry<String, String> e : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
      }
      for (Entry entry : entries) {
        writeEntry(json, entry);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    byte[] padded = Arrays.copyOf(bytes.toByteArray(), (bytes.size() + 7) / 8 * 8);
    Arrays.fill(padded, bytes.size(), padded.length, (byte) ' ');
    return padded;
  }

  private static void writeEntry(JsonGenerator json, Entry entry) throws IOException {
    json.writeObjectFieldStart(entry.spec().name());
    json.writeStringField("dtype", entry.spec().type().name());
    json.writeArrayFieldStart("shape");
    for (long n : entry.spec().shape()) {
      json.writeNumber(n);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(entry.begin());
    json.writeNumber(entry.end());
    json.writeEndArray();
    json.writeEndObject();
  }
}
