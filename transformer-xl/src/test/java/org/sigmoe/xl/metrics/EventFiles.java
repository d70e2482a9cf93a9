package org.sigmoe.xl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Reads TensorBoard's files as TensorBoard does. */
public final class EventFiles {
  private static final Descriptor EVENT = TensorBoardSchema.event();

  private EventFiles() {}

  /**
   * What TensorBoard shows of a run: its files in the order of their names, where a start of the
   * run takes back what was there of its step and of later ones.
   *
   * @return for each tag the values by their steps, as often as they are there
   */
  public static Map<String, Map<Long, List<Float>>> scalars(Path folder) throws IOException {
    Map<String, Map<Long, List<Float>>> shown = new TreeMap<>();
    List<Path> files;
    try (var found = Files.newDirectoryStream(folder, "events.out.tfevents.*")) {
      List<Path> all = new ArrayList<>();
      found.forEach(all::add);
      files = all.stream().sorted().toList();
    }
    for (Path file : files) {
      for (DynamicMessage event : events(file)) {
        long step = (Long) event.getField(field(event, "step"));
        if (event.hasField(field(event, "session_log"))) {
          shown.values().forEach(values -> values.keySet().removeIf(other -> other >= step));
        }
        DynamicMessage summary = (DynamicMessage) event.getField(field(event, "summary"));
        for (Object element : (List<?>) summary.getField(field(summary, "value"))) {
          DynamicMessage value = (DynamicMessage) element;
          shown
              .computeIfAbsent((String) value.getField(field(value, "tag")), _ -> new TreeMap<>())
              .computeIfAbsent(step, _ -> new ArrayList<>())
              .add((Float) value.getField(field(value, "simple_value")));
        }
      }
    }
    return shown;
  }

  private static FieldDescriptor field(DynamicMessage message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  /** The records of a file, checking every checksum; a last one that is cut off is left out. */
  static List<DynamicMessage> events(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<DynamicMessage> events = new ArrayList<>();
    while (buffer.remaining() >= 12) {
      int begin = buffer.position();
      int length = Math.toIntExact(buffer.getLong());
      assertEquals(maskedCrc(bytes, begin, 8), buffer.getInt());
      if (buffer.remaining() < length + 4) {
        break;
      }
      byte[] data = new byte[length];
      buffer.get(data);
      assertEquals(maskedCrc(bytes, begin + 12, length), buffer.getInt());
      events.add(DynamicMessage.parseFrom(EVENT, data));
    }
    return events;
  }

  static int maskedCrc(byte[] bytes, int begin, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, begin, length);
    long value = crc.getValue();
    return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
  }
}
