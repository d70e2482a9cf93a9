package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** Copying and filling of native memory by address, without garbage. */
final class Blocks {
  private Blocks() {}

  /** Copies bytes; the ranges may overlap. */
  static void copy(long source, long target, long bytes) {
    MemorySegment.copy(NativeMemory.ALL, source, NativeMemory.ALL, target, bytes);
  }

  /** Sets bytes to 0. */
  static void clearBytes(long address, long bytes) {
    NativeMemory.ALL.asSlice(address, bytes).fill((byte) 0);
  }

  /** Multiplies floats by a factor. */
  static void scale(long source, long target, int floats, float factor) {
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector scaled = Lanes.load(source + 4L * i, left, rest).mul(factor);
      Lanes.store(scaled, target + 4L * i, left, rest);
    }
  }

  /** Sets floats to 0. */
  static void clear(long address, long floats) {
    fill(address, floats, 0);
  }

  /** Sets floats to a value. */
  static void fill(long address, long floats, float value) {
    FloatVector vector = Lanes.all(value);
    long i = 0;
    for (; i + Lanes.COUNT <= floats; i += Lanes.COUNT) {
      Lanes.store(vector, address + 4 * i);
    }
    if (i < floats) {
      Lanes.store(vector, address + 4 * i, Lanes.below(0, (int) (floats - i)));
    }
  }
}
