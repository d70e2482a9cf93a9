package org.sigmoe.nn.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sigmoe.nn.checkpoint.SafetensorsFiles.bytes;
import static org.sigmoe.nn.checkpoint.SafetensorsFiles.floats;
import static org.sigmoe.nn.checkpoint.SafetensorsFiles.longs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  private final Arena arena = Arena.ofConfined();
  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  /**
   * Header, order and padding are those of {@code safetensors.torch.save}: I64 before F32 before U8
   * whatever their names, tensors of one type by name, spaces up to a multiple of 8.
   */
  @Test
  void fileIsByteForByteThatOfTheReferenceImplementation() throws IOException {
    Path file = folder.resolve("m.safetensors");
    new SafetensorsWriter()
        .write(
            file,
            List.of(
                bytes(arena, "a", ElementType.U8, (byte) 7, (byte) 8, (byte) 9),
                floats(arena, "w.b", new long[] {1, 2}, 1.0f, -2.0f),
                floats(arena, "w.a", new long[] {}, 0.5f),
                longs(arena, "z", new long[] {1}, 258)),
            Map.of("format", "pt"));
    String header =
        """
        {"__metadata__":{"format":"pt"},\
        "z":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},\
        "w.a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},\
        "w.b":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]},\
        "a":{"dtype":"U8","shape":[3],"data_offsets":[20,23]}}\
        """;
    assertEquals(253, header.length());
    String expected =
        "0001000000000000"
            + HexFormat.of().formatHex(header.getBytes(UTF_8))
            + "202020"
            + "0201000000000000"
            + "0000003f"
            + "0000803f"
            + "000000c0"
            + "070809";
    assertEquals(expected, HexFormat.of().formatHex(Files.readAllBytes(file)));
  }

  @Test
  void everyTypeComesBackBitForBit() throws IOException {
    List<NamedTensor> tensors =
        Arrays.stream(ElementType.values())
            .map(
                t ->
                    bytes(
                        arena,
                        "of " + t + " \"\u00e9\n",
                        t,
                        HexFormat.of()
                            .parseHex("000102030405060708090a0b0c0d0e0f7f80ffc07f800000")))
            .toList();
    Path file = folder.resolve("all.safetensors");
    new SafetensorsWriter().write(file, tensors, Map.of());
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      assertEquals(tensors.size(), reader.specs().size());
      for (NamedTensor tensor : tensors) {
        NamedTensor read = reader.tensor(tensor.name());
        assertEquals(tensor.spec(), read.spec());
        assertEquals(-1, read.data().mismatch(tensor.data()));
      }
    }
  }

  @Test
  void tensorLongerThanOnePieceIsWrittenWhole() throws IOException {
    long count = (5L << 20) + 3;
    MemorySegment data = arena.allocate(count * 4, 4);
    for (long i = 0; i < count; i++) {
      data.setAtIndex(ValueLayout.JAVA_INT, i, (int) (i * 0x9E3779B9L));
    }
    Path file = folder.resolve("big.safetensors");
    FileDigest digest =
        new SafetensorsWriter()
            .write(
                file,
                List.of(new NamedTensor(TensorSpec.of("t", ElementType.I32, count), data)),
                Map.of());
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      assertEquals(-1, reader.tensor("t").data().mismatch(data));
    }
    assertEquals(FileDigest.of(file), digest);
    assertEquals(Files.size(file), digest.size());
  }

  @Test
  void fullDiskLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Path file = folder.resolve("m.safetensors");
    NamedTensor old = floats(arena, "w", new long[] {2}, 1, 2);
    new SafetensorsWriter().write(file, List.of(old), Map.of());
    byte[] before = Files.readAllBytes(file);

    NamedTensor grown = floats(arena, "w", new long[] {100}, new float[100]);
    for (long room : new long[] {0, 8, 50, 200, 460}) {
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () ->
                  new SafetensorsWriter(new FullDisk(room)).write(file, List.of(grown), Map.of()));
      assertEquals("cannot write " + file + ": No space left on device", e.getMessage());
      assertArrayEquals(before, Files.readAllBytes(file));
      try (var files = Files.list(folder)) {
        assertEquals(List.of(file), files.toList());
      }
    }
  }

  @Test
  void unfinishedFileOfACrashIsOverwritten() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Files.writeString(folder.resolve("m.safetensors.tmp"), "x".repeat(10_000));
    new SafetensorsWriter().write(file, List.of(floats(arena, "w", new long[] {1}, 3)), Map.of());
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      assertArrayEquals(new float[] {3}, reader.tensor("w").toFloats());
    }
    assertFalse(Files.exists(folder.resolve("m.safetensors.tmp")));
  }

  @Test
  void missingFolderIsNamed() {
    Path file = folder.resolve("no/m.safetensors");
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () -> new SafetensorsWriter().write(file, List.of(), Map.of()));
    assertEquals("cannot write " + file + ": there is no such file or folder", e.getMessage());
  }

  @Test
  void twoTensorsOfOneNameAreRefused() {
    NamedTensor a = floats(arena, "w", new long[] {1}, 1);
    NamedTensor b = longs(arena, "w", new long[] {1}, 1);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SafetensorsWriter().write(folder.resolve("m"), List.of(a, b), Map.of()));
    assertTrue(e.getMessage().contains("two tensors are named w"));
  }

  @Test
  void heapMemoryIsRefused() {
    NamedTensor heap =
        new NamedTensor(
            TensorSpec.of("w", ElementType.F32, 1), MemorySegment.ofArray(new float[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SafetensorsWriter().write(folder.resolve("m"), List.of(heap), Map.of()));
  }
}
