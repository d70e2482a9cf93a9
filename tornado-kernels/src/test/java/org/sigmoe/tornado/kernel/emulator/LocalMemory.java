package org.sigmoe.tornado.kernel.emulator;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The local arrays of a work group: the n-th allocation is the same array in each thread. */
final class LocalMemory {
  /** Bytes that CUDA gives a group. */
  private static final int MOST = 48 * 1024;

  private final List<Object> arrays = new ArrayList<>();
  private int bytes;
  private boolean aligned = true;

  /**
   * The array of an allocation.
   *
   * @param number of the allocation in its thread
   * @param poison fills a new array
   */
  <T> T allocate(int number, Class<T> type, int length, int elementBytes, Consumer<T> poison) {
    if (number == arrays.size()) {
      T array = type.cast(Array.newInstance(type.getComponentType(), length));
      poison.accept(array);
      add(array, length * elementBytes);
    }
    Object array = arrays.get(number);
    if (!type.isInstance(array) || Array.getLength(array) != length) {
      throw new IllegalStateException(
          "allocation %d is %s of length %d here and %s of length %d in another thread"
              .formatted(
                  number,
                  type.getSimpleName(),
                  length,
                  array.getClass().getSimpleName(),
                  Array.getLength(array)));
    }
    return type.cast(array);
  }

  private void add(Object array, int size) {
    arrays.add(array);
    bytes += size;
    aligned &= size % 16 == 0;
    if (bytes > MOST) {
      throw new IllegalStateException(
          "%d bytes of local memory; CUDA gives %d".formatted(bytes, MOST));
    }
  }

  /**
   * Fragments are loaded by 16 bytes. Arrays lie one after the other, so one of another length
   * misaligns those behind it.
   */
  void requireAligned() {
    if (!aligned) {
      throw new IllegalStateException(
          "local arrays of a kernel that loads fragments must all be multiples of 16 bytes long");
    }
  }
}
