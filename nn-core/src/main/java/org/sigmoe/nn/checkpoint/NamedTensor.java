package org.sigmoe.nn.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tensor with its values: the source of a write, the target of a load, or a read-only view of a
 * file.
 *
 * @param spec name, element type and shape
 * @param data the elements, row-major, exactly {@code spec.byteSize()} bytes; not copied
 */
public record NamedTensor(TensorSpec spec, MemorySegment data) {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /**
   * Checks that the memory has the size that the spec asks for.
   *
   * @throws IllegalArgumentException if it has not
   */
  public NamedTensor {
    if (data.byteSize() != spec.byteSize()) {
      throw new IllegalArgumentException(
          spec + " takes " + spec.byteSize() + " bytes, but was given " + data.byteSize());
    }
  }

  /** Returns the tensor's name. */
  public String name() {
    return spec.name();
  }

  /**
   * Returns the elements of an F32, F64, F16 or BF16 tensor as floats on the heap. Only F64 can
   * lose digits by it.
   *
   * @throws IllegalArgumentException if the elements are not floating-point numbers, or are more
   *     than an array can hold
   */
  public float[] toFloats() {
    float[] values = new float[arrayLength()];
    copyAsFloats(MemorySegment.ofArray(values));
    return values;
  }

  /**
   * Copies the elements of an F32, F64, F16 or BF16 tensor as floats. Only F64 can lose digits by
   * it.
   *
   * @param target where to write; exactly four bytes for each element
   * @throws IllegalArgumentException if the elements are not floating-point numbers, or the target
   *     has another size
   */
  public void copyAsFloats(MemorySegment target) {
    long count = spec.elementCount();
    if (target.byteSize() != count * Float.BYTES) {
      throw new IllegalArgumentException(
          spec
              + " as floats takes "
              + count * Float.BYTES
              + " bytes, but the target has "
              + target.byteSize());
    }
    if (spec.type() == ElementType.F32) {
      MemorySegment.copy(data, 0, target, 0, data.byteSize());
      return;
    }
    for (long i = 0; i < count; i++) {
      target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES, (float) doubleAt(i));
    }
  }

  /**
   * Returns the elements of an F32, F64, F16 or BF16 tensor as doubles on the heap, exactly.
   *
   * @throws IllegalArgumentException if the elements are not floating-point numbers, or are more
   *     than an array can hold
   */
  public double[] toDoubles() {
    double[] values = new double[arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = doubleAt(i);
    }
    return values;
  }

  /**
   * Returns the elements of an integer or boolean tensor as longs on the heap, exactly.
   *
   * @throws IllegalArgumentException if the elements are of another type (U64 among them, which a
   *     long cannot hold), or are more than an array can hold
   */
  public long[] toLongs() {
    long[] values = new long[arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = longAt(i);
    }
    return values;
  }

  private double doubleAt(long index) {
    return switch (spec.type()) {
      case F64 -> data.get(DOUBLE, index * 8);
      case F32 -> data.get(FLOAT, index * 4);
      case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 ->
          throw new IllegalArgumentException(spec + " is not a tensor of floating-point numbers");
    };
  }

  private long longAt(long index) {
    return switch (spec.type()) {
      case I64 -> data.get(LONG, index * 8);
      case I32 -> data.get(INT, index * 4);
      case U32 -> Integer.toUnsignedLong(data.get(INT, index * 4));
      case I16 -> data.get(SHORT, index * 2);
      case U16 -> Short.toUnsignedLong(data.get(SHORT, index * 2));
      case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, index));
      case F16, BF16, F32, F64, U64 ->
          throw new IllegalArgumentException(spec + " is not a tensor of integers up to 63 bits");
    };
  }

  private int arrayLength() {
    long count = spec.elementCount();
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(spec + " has more elements than a Java array can hold");
    }
    return (int) count;
  }
}
