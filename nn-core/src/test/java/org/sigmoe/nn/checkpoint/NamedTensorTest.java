package org.sigmoe.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sigmoe.nn.checkpoint.SafetensorsFiles.bytes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedTensorTest {

  private static final Arena ARENA = Arena.ofAuto();

  @ParameterizedTest
  @CsvSource({
    // type, little-endian bytes, the values
    "F32,  0000803f000000c0, 1.0, -2.0",
    "F64,  000000000000f03f00000000000000c0, 1.0, -2.0",
    "F16,  003c00c0, 1.0, -2.0",
    "BF16, 803f00c0, 1.0, -2.0",
    "F16,  01000080, 5.960464477539063E-8, -0.0",
    "BF16, 807f80ff, Infinity, -Infinity",
  })
  void floatingPointTypesBecomeFloatsAndDoubles(
      ElementType type, String hex, double first, double second) {
    NamedTensor tensor = tensor(type, hex);
    assertArrayEquals(new double[] {first, second}, tensor.toDoubles());
    assertArrayEquals(new float[] {(float) first, (float) second}, tensor.toFloats());
    MemorySegment target = ARENA.allocate(8);
    tensor.copyAsFloats(target);
    assertArrayEquals(tensor.toFloats(), target.toArray(ValueLayout.JAVA_FLOAT));
  }

  @ParameterizedTest
  @CsvSource({
    "I64,  feffffffffffffff, -2",
    "I32,  feffffff, -2",
    "U32,  feffffff, 4294967294",
    "I16,  feff, -2",
    "U16,  feff, 65534",
    "I8,   fe, -2",
    "U8,   fe, 254",
    "BOOL, 01, 1",
  })
  void integerTypesBecomeLongs(ElementType type, String hex, long value) {
    assertArrayEquals(new long[] {value}, tensor(type, hex).toLongs());
  }

  @Test
  void typesAreNotMixedUp() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> tensor(ElementType.I32, "00000000").toFloats())
            .getMessage();
    assertEquals("t: I32[1] is not a tensor of floating-point numbers", message);
    assertThrows(
        IllegalArgumentException.class, () -> tensor(ElementType.F32, "00000000").toLongs());
    assertThrows(
        IllegalArgumentException.class,
        () -> tensor(ElementType.U64, "ffffffffffffffff").toLongs());
  }

  @Test
  void memoryOfAnotherSizeIsRefused() {
    TensorSpec spec = TensorSpec.of("t", ElementType.F32, 2, 3);
    MemorySegment data = ARENA.allocate(23);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new NamedTensor(spec, data))
            .getMessage();
    assertEquals("t: F32[2, 3] takes 24 bytes, but was given 23", message);
    NamedTensor tensor = new NamedTensor(spec, ARENA.allocate(24));
    assertThrows(IllegalArgumentException.class, () -> tensor.copyAsFloats(ARENA.allocate(28)));
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> TensorSpec.of("t", ElementType.U8, 3, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorSpec.of("t", ElementType.F32, 1L << 31, 1L << 30));
    assertThrows(
        IllegalArgumentException.class, () -> TensorSpec.of("__metadata__", ElementType.U8));
    assertTrue(TensorSpec.of("t", ElementType.F32).shape().isEmpty());
    assertEquals(1, TensorSpec.of("t", ElementType.F32).elementCount());
    assertEquals(0, TensorSpec.of("t", ElementType.F32, 7, 0).elementCount());
  }

  private static NamedTensor tensor(ElementType type, String hex) {
    return bytes(ARENA, "t", type, HexFormat.of().parseHex(hex));
  }
}
