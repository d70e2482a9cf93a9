package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** Indices into a row in native memory, checked before they become addresses. */
final class ColumnIndices {
  private ColumnIndices() {}

  /** The index at a position. */
  static int at(long indices, long position, int columns) {
    int index = NativeMemory.ALL.get(ValueLayout.JAVA_INT, indices + 4L * position);
    if (index < 0 || index >= columns) {
      throw new EngineException(
          "Index %d at position %d is outside a row of %d columns"
              .formatted(index, position, columns));
    }
    return index;
  }
}
