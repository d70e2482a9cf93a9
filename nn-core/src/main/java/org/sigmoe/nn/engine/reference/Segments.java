package org.sigmoe.nn.engine.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.graph.TensorType;

/** Between the doubles inside and the 32-bit floats and integers of {@code MemorySegment}s. */
final class Segments {
  private Segments() {}

  /** Elements of {@code data}, which has exactly the bytes of {@code type}. */
  static double[] toDoubles(String name, TensorType type, MemorySegment data) {
    requireBytes(name, type, data);
    double[] elements = new double[Math.toIntExact(type.shape().elements())];
    for (int i = 0; i < elements.length; i++) {
      long offset = (long) i * type.dtype().bytes();
      elements[i] =
          switch (type.dtype()) {
            case F32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset);
            case I32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
          };
    }
    return elements;
  }

  /** Writes elements, rounded to {@code type}, to {@code target}, which has exactly its bytes. */
  static void fromDoubles(String name, TensorType type, double[] elements, MemorySegment target) {
    requireBytes(name, type, target);
    for (int i = 0; i < elements.length; i++) {
      long offset = (long) i * type.dtype().bytes();
      switch (type.dtype()) {
        case F32 -> target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, (float) elements[i]);
        case I32 -> target.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) elements[i]);
      }
    }
  }

  private static void requireBytes(String name, TensorType type, MemorySegment segment) {
    if (segment.byteSize() != type.bytes()) {
      throw new IllegalArgumentException(
          "%s %s has %d bytes, the memory given for it has %d"
              .formatted(name, type, type.bytes(), segment.byteSize()));
    }
  }
}
