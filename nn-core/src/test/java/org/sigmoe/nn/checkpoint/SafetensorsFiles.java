package org.sigmoe.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes tensors and, byte by byte, safetensors files for the tests. */
final class SafetensorsFiles {

  private SafetensorsFiles() {}

  static NamedTensor floats(Arena arena, String name, long[] shape, float... values) {
    return new NamedTensor(
        TensorSpec.of(name, ElementType.F32, shape),
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  static NamedTensor longs(Arena arena, String name, long[] shape, long... values) {
    return new NamedTensor(
        TensorSpec.of(name, ElementType.I64, shape),
        arena.allocateFrom(ValueLayout.JAVA_LONG, values));
  }

  static NamedTensor bytes(Arena arena, String name, ElementType type, byte... values) {
    TensorSpec spec = TensorSpec.of(name, type, values.length / type.bytes());
    MemorySegment data = arena.allocate(Math.max(1, values.length)).asSlice(0, values.length);
    data.copyFrom(MemorySegment.ofArray(values));
    return new NamedTensor(spec, data);
  }

  /** Writes a file with this header, unpadded, and this many data bytes 0, 1, 2, ... */
  static Path file(Path folder, String header, int dataBytes) throws IOException {
    return file(folder, header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static Path file(Path folder, byte[] header, int dataBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    bytes.write(header);
    for (int i = 0; i < dataBytes; i++) {
      bytes.write(i);
    }
    return Files.write(folder.resolve("made.safetensors"), bytes.toByteArray());
  }
}
