package org.sigmoe.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sigmoe.nn.checkpoint.SafetensorsFiles.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {

  private static final String TWO =
      """
      {"__metadata__":{"format":"pt"},\
      "b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},\
      "a":{"dtype":"I32","shape":[2,1],"data_offsets":[0,8]}}\
      """;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  @TempDir Path folder;

  @Test
  void tensorsAreFoundInTheOrderOfTheirBytes() throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, TWO, 11))) {
      assertEquals(
          List.of(TensorSpec.of("a", ElementType.I32, 2, 1), TensorSpec.of("b", ElementType.U8, 3)),
          reader.specs());
      assertEquals(Map.of("format", "pt"), reader.metadata());
      assertArrayEquals(new long[] {0x03020100, 0x07060504}, reader.tensor("a").toLongs());
      assertArrayEquals(new long[] {8, 9, 10}, reader.tensor("b").toLongs());
      assertTrue(reader.contains("a"));
      assertFalse(reader.contains("c"));
    }
  }

  @Test
  void unknownTensorIsNamedTogetherWithTheFile() throws IOException {
    Path file = file(folder, TWO, 11);
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> reader.tensor("layers.0.w"));
      assertEquals(file + " has no tensor \"layers.0.w\"", e.getMessage());
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreAllowed() throws IOException {
    String header =
        """
        {"none":{"dtype":"F32","shape":[4,0],"data_offsets":[0,0]},\
        "scalar":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}\
        """;
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, header, 1))) {
      assertEquals(0, reader.tensor("none").toFloats().length);
      assertArrayEquals(new long[] {0}, reader.tensor("scalar").toLongs());
    }
  }

  @Test
  void fileWithoutTensorsIsRead() throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, "{}  ", 0))) {
      assertEquals(List.of(), reader.specs());
    }
  }

  @Test
  void everyShorterFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file(folder, TWO, 11));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> SafetensorsReader.open(cut).close());
      assertTrue(e.getMessage().startsWith(cut + " is truncated"), e.getMessage());
    }
  }

  @Test
  void truncatedDataIsReportedWithTheFirstTensorCutOff() throws IOException {
    Path file = file(folder, TWO, 10);
    assertEquals(
        file
            + " is truncated: its tensors take 11 bytes, but 10 are there;"
            + " the first one cut off is \"b\"",
        openingFails(file));
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() throws IOException {
    assertTrue(openingFails(file(folder, TWO, 12)).contains("1 bytes follow the last tensor"));
  }

  @Test
  void hugeHeaderLengthIsRefusedBeforeItIsAllocated() throws IOException {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, 0, 8, (byte) 0xff);
    Path file = Files.write(folder.resolve("huge"), bytes);
    assertTrue(openingFails(file).contains("header length at byte 0 is 18446744073709551615"));
    bytes = new byte[] {0, (byte) 0xe1, (byte) 0xf5, 5, 0, 0, 0, 0};
    Files.write(file, bytes);
    assertTrue(
        openingFails(file).contains("truncated within its header"), "100,000,000 is allowed");
    bytes[0] = 1;
    Files.write(file, bytes);
    assertTrue(openingFails(file).contains("100000001"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[]                                                              | does not begin with {",
        "{\"a\":                                                         | not valid JSON",
        "{}x                                                             | not valid JSON",
        "{}{}                                                            | goes on after",
        "{\"a\":1}                                                       | object describing",
        "{\"__metadata__\":{\"k\":1}}                                    | a string as"
            + " __metadata__",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[],\"data_offsets\":[0,0]}}  | dtype F4",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,0]}} | whole number",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}} | whole number",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":3,\"data_offsets\":[0,3]}}   | array as shape",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0]}}   | not 2",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3]}}                        | lacks dtype, shape or",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,2]}} | U8[3] takes 3",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[3,0]}} | U8[3] takes 3",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}} | begins at byte 1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}"
            + "| too large",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[18446744073709551615],\"data_offsets\":[0,0]}}"
            + "| out of range",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | Duplicate",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}"
            + "| \"b\" begins at byte 1 of the data, but the one before it ends at 2",
      })
  void unsoundHeaderIsRefused(String header, String complaint) throws IOException {
    Path file = file(folder, header, 3);
    String message = openingFails(file);
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains(complaint), message);
  }

  @Test
  void invalidUtf8IsReportedWithItsPlaceInTheFile() throws IOException {
    byte[] header =
        "{\"?\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
            .getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xff;
    Path file = file(folder, header, 0);
    assertEquals(
        file + ": the header, near byte 10 of the file, is not valid UTF-8", openingFails(file));
  }

  @Test
  void fieldsOfLaterVersionsAreSkipped() throws IOException {
    String header =
        """
        {"a":{"dtype":"U8","quant":{"x":[1]},"shape":[2],"data_offsets":[0,2]}}\
        """;
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, header, 2))) {
      assertArrayEquals(new long[] {0, 1}, reader.tensor("a").toLongs());
    }
  }

  @Test
  void missingFileAndFolderAreToldApart() {
    assertTrue(openingFails(folder.resolve("none")).endsWith("none does not exist"));
    assertTrue(openingFails(folder).endsWith("is a folder, not a safetensors file"));
  }

  @Test
  void loadingFillsOffHeapTargets() throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, TWO, 11));
        Arena arena = Arena.ofConfined()) {
      NamedTensor a = new NamedTensor(TensorSpec.of("a", ElementType.I32, 2, 1), arena.allocate(8));
      NamedTensor b = new NamedTensor(TensorSpec.of("b", ElementType.U8, 3), arena.allocate(3));
      reader.loadInto(List.of(b, a));
      assertEquals(-1, a.data().mismatch(reader.tensor("a").data()));
      assertEquals(-1, b.data().mismatch(reader.tensor("b").data()));
    }
  }

  @Test
  void checkpointOfAnotherModelIsNamedTensorByTensorAndNothingIsCopied() throws IOException {
    Path file = file(folder, TWO, 11);
    try (SafetensorsReader reader = SafetensorsReader.open(file);
        Arena arena = Arena.ofConfined()) {
      NamedTensor wrongShape =
          new NamedTensor(TensorSpec.of("b", ElementType.U8, 1, 3), arena.allocate(3));
      NamedTensor missing =
          new NamedTensor(TensorSpec.of("c", ElementType.F32, 2, 5), arena.allocate(40));
      CheckpointException e =
          assertThrows(
              CheckpointException.class, () -> reader.loadInto(List.of(wrongShape, missing)));
      assertEquals(
          file
              + " belongs to another model: 3 tensors differ"
              + "\n  b: U8[1, 3] in the model, U8[3] in the file"
              + "\n  c: F32[2, 5] in the model, missing in the file"
              + "\n  a: I32[2, 1] in the file, unknown to the model"
              + "\nUse the configuration that it was trained with.",
          e.getMessage());
      assertEquals(-1, wrongShape.data().mismatch(MemorySegment.ofArray(new byte[3])));
    }
  }

  @Test
  void differentElementTypeIsAnotherModel() throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(file(folder, TWO, 11));
        Arena arena = Arena.ofConfined()) {
      NamedTensor a = new NamedTensor(TensorSpec.of("a", ElementType.F32, 2, 1), arena.allocate(8));
      NamedTensor b = new NamedTensor(TensorSpec.of("b", ElementType.U8, 3), arena.allocate(3));
      String message =
          assertThrows(CheckpointException.class, () -> reader.loadInto(List.of(a, b)))
              .getMessage();
      assertTrue(message.contains("1 tensor differs\n  a: F32[2, 1] in the model, I32[2, 1]"));
    }
  }

  /** A file of one number, 1.5, in each floating-point type, named by it, and an integer. */
  private Path inEveryFloatingPointType(Arena arena) throws IOException {
    NamedTensor half = new NamedTensor(TensorSpec.of("f16", ElementType.F16, 1), arena.allocate(2));
    half.data().set(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16(1.5f));
    NamedTensor brain =
        new NamedTensor(TensorSpec.of("bf16", ElementType.BF16, 1), arena.allocate(2));
    brain.data().set(ValueLayout.JAVA_SHORT, 0, (short) (Float.floatToIntBits(1.5f) >>> 16));
    NamedTensor single =
        new NamedTensor(TensorSpec.of("f32", ElementType.F32, 1), arena.allocateFrom(FLOAT, 1.5f));
    NamedTensor twice =
        new NamedTensor(TensorSpec.of("f64", ElementType.F64, 1), arena.allocateFrom(DOUBLE, 1.5));
    NamedTensor count =
        new NamedTensor(TensorSpec.of("i32", ElementType.I32, 1), arena.allocate(4));
    Path file = folder.resolve("every.safetensors");
    new SafetensorsWriter().write(file, List.of(half, brain, single, twice, count), Map.of());
    return file;
  }

  private static List<NamedTensor> floats(Arena arena, String... names) {
    return Arrays.stream(names)
        .map(
            name -> new NamedTensor(TensorSpec.of(name, ElementType.F32, 1), arena.allocate(FLOAT)))
        .toList();
  }

  @Test
  void everyFloatingPointTypeIsLoadedAsFloats() throws IOException {
    try (Arena arena = Arena.ofConfined();
        SafetensorsReader reader = SafetensorsReader.open(inEveryFloatingPointType(arena))) {
      List<NamedTensor> targets = floats(arena, "f16", "bf16", "f32", "f64");

      reader.loadAsFloats(targets, "i32"::equals);

      for (NamedTensor target : targets) {
        assertArrayEquals(new float[] {1.5f}, target.toFloats(), target.name());
      }
    }
  }

  @Test
  void integersMissingTensorsAndUnknownOnesAreNotLoadedAsFloats() throws IOException {
    try (Arena arena = Arena.ofConfined();
        SafetensorsReader reader = SafetensorsReader.open(inEveryFloatingPointType(arena))) {
      List<NamedTensor> targets = floats(arena, "f16", "bf16", "i32", "other");

      String message =
          assertThrows(CheckpointException.class, () -> reader.loadAsFloats(targets, "f64"::equals))
              .getMessage();

      assertTrue(
          message.contains(
              ": 3 tensors differ"
                  + "\n  i32: F32[1] in the model, I32[1] in the file"
                  + "\n  other: F32[1] in the model, missing in the file"
                  + "\n  f32: F32[1] in the file, unknown to the model"),
          message);
      assertEquals(0, targets.getFirst().toFloats()[0], "nothing is copied");
    }
  }

  @Test
  void viewsEndWhenTheReaderIsClosed() throws IOException {
    SafetensorsReader reader = SafetensorsReader.open(file(folder, TWO, 11));
    MemorySegment data = reader.tensor("b").data();
    assertTrue(data.isReadOnly());
    reader.close();
    assertThrows(IllegalStateException.class, () -> data.get(ValueLayout.JAVA_BYTE, 0));
  }

  private static String openingFails(Path file) {
    return assertThrows(CheckpointException.class, () -> SafetensorsReader.open(file).close())
        .getMessage();
  }
}
