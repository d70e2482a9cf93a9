package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** Indices in native memory that other ops computed, checked before they become addresses. */
final class Indices {
  private Indices() {}

  /** The index at a position. */
  static int at(long indices, long position, int bound) {
    int index = NativeMemory.ALL.get(ValueLayout.JAVA_INT, indices + Integer.BYTES * position);
    if (index < 0 || index >= bound) {
      throw new EngineException(
          "Index %d at position %d is outside [0, %d)".formatted(index, position, bound));
    }
    return index;
  }
}
