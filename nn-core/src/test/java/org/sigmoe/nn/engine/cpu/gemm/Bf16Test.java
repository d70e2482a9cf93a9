package org.sigmoe.nn.engine.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Bf16Test {
  private static final int HALVES = 1 << 16;

  /** Lower halves around all that decides rounding. */
  private static final int[] LOWER = {0, 1, 0x4000, 0x7FFF, 0x8000, 0x8001, 0xFFFF};

  @Test
  void everyUpperHalfIsRoundedToTheNearest() {
    for (int upper = 0; upper < HALVES; upper++) {
      for (int lower : LOWER) {
        float value = Float.intBitsToFloat(upper << 16 | lower);
        short got = Bf16.fromFloat(value);
        if (Float.isNaN(value)) {
          assertTrue(Float.isNaN(Bf16.toFloat(got)), () -> "NaN became " + Bf16.toFloat(got));
        } else {
          assertEquals((short) nearest(value), got, () -> "rounding of " + value);
        }
      }
    }
  }

  /** The nearer of the two neighbours by their distances in double, the even one of a tie. */
  private static int nearest(float value) {
    int towardsZero = Float.floatToRawIntBits(value) >>> 16;
    if (Float.isInfinite(value)) {
      return towardsZero;
    }
    double below = Math.abs((double) value) - magnitude(towardsZero);
    double above = magnitude(towardsZero + 1) - Math.abs((double) value);
    if (below == above) {
      return towardsZero + (towardsZero & 1);
    }
    return below < above ? towardsZero : towardsZero + 1;
  }

  /** Magnitude of a bfloat16; what follows the largest number counts as 2^128, not infinity. */
  private static double magnitude(int bits) {
    float value = Math.abs(Bf16.toFloat((short) bits));
    return Float.isInfinite(value) ? 0x1p128 : value;
  }

  @Test
  void arraysAreRoundedLikeSingleValues() {
    try (Arena arena = Arena.ofConfined()) {
      int count = HALVES * LOWER.length;
      MemorySegment floats = arena.allocate(JAVA_FLOAT, count);
      MemorySegment rounded = arena.allocate(JAVA_SHORT, count);
      for (int i = 0; i < count; i++) {
        int bits = i / LOWER.length << 16 | LOWER[i % LOWER.length];
        floats.setAtIndex(JAVA_FLOAT, i, Float.intBitsToFloat(bits));
      }
      Bf16.round(floats.address(), rounded.address(), count);
      for (int i = 0; i < count; i++) {
        float value = floats.getAtIndex(JAVA_FLOAT, i);
        assertEquals(Bf16.fromFloat(value), rounded.getAtIndex(JAVA_SHORT, i), "of " + value);
      }
    }
  }

  @Test
  void nothingBeyondAnArrayIsWritten() {
    int room = 100;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment floats = arena.allocate(JAVA_FLOAT, room);
      MemorySegment rounded = arena.allocate(JAVA_SHORT, room);
      for (int i = 0; i < room; i++) {
        floats.setAtIndex(JAVA_FLOAT, i, i - 50.25f);
      }
      for (int count = 0; count < 70; count++) {
        rounded.fill((byte) 0x55);
        Bf16.round(floats.address(), rounded.address(), count);
        for (int i = 0; i < room; i++) {
          short expected = i < count ? Bf16.fromFloat(i - 50.25f) : 0x5555;
          assertEquals(expected, rounded.getAtIndex(JAVA_SHORT, i));
        }
      }
    }
  }

  @Test
  void arraysAreWidenedAndScaledLikeSingleValues() {
    int room = 100;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rounded = arena.allocate(JAVA_SHORT, room);
      MemorySegment scaled = arena.allocate(JAVA_SHORT, room);
      MemorySegment wide = arena.allocate(JAVA_FLOAT, room);
      for (int i = 0; i < room; i++) {
        rounded.setAtIndex(JAVA_SHORT, i, Bf16.fromFloat(i - 50.25f));
      }
      for (int count = 0; count < 70; count++) {
        scaled.fill((byte) 0x55);
        wide.fill((byte) 0x55);
        Bf16.scale(rounded.address(), scaled.address(), count, -0.7f);
        Bf16.widen(rounded.address(), wide.address(), count);
        for (int i = 0; i < room; i++) {
          float value = Bf16.toFloat(rounded.getAtIndex(JAVA_SHORT, i));
          short product = i < count ? Bf16.fromFloat(value * -0.7f) : 0x5555;
          float widened = i < count ? value : Float.intBitsToFloat(0x55555555);
          assertEquals(product, scaled.getAtIndex(JAVA_SHORT, i));
          assertEquals(widened, wide.getAtIndex(JAVA_FLOAT, i));
        }
      }
    }
  }
}
