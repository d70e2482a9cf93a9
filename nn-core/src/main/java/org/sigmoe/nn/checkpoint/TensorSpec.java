package org.sigmoe.nn.checkpoint;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a tensor is, without its values.
 *
 * @param name the tensor's name, unique in its file
 * @param type the type of its elements
 * @param shape its sizes, outermost first (row-major); empty for a scalar, and a size may be 0
 */
public record TensorSpec(String name, ElementType type, List<Long> shape) {

  /** The one name that no tensor can have: safetensors keeps its metadata under it. */
  static final String METADATA_KEY = "__metadata__";

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a size is negative, if the tensor has more bytes than a
   *     long can count, or if the name is {@code __metadata__}
   */
  public TensorSpec {
    shape = List.copyOf(shape);
    if (name.equals(METADATA_KEY)) {
      throw new IllegalArgumentException("a tensor cannot be named " + METADATA_KEY);
    }
    long size = type.bytes();
    for (long n : shape) {
      if (n < 0) {
        throw new IllegalArgumentException(
            "tensor " + name + " has a negative size in its shape " + shape);
      }
      try {
        size = Math.multiplyExact(size, n);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "tensor " + name + " of shape " + shape + " and type " + type + " is too large", e);
      }
    }
  }

  /** Returns a spec with the shape given size by size; none for a scalar. */
  public static TensorSpec of(String name, ElementType type, long... shape) {
    return new TensorSpec(name, type, LongStream.of(shape).boxed().toList());
  }

  /** Returns a spec with another element type. */
  TensorSpec withType(ElementType other) {
    return new TensorSpec(name, other, shape);
  }

  /** Returns the number of elements: the product of the shape, 1 for a scalar. */
  public long elementCount() {
    return byteSize() / type.bytes();
  }

  /** Returns the number of bytes that the elements take. */
  public long byteSize() {
    long size = type.bytes();
    for (long n : shape) {
      size *= n;
    }
    return size;
  }

  /** Returns type and shape without the name, as messages show them: {@code F32[16, 412]}. */
  String describeType() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", type + "[", "]"));
  }

  @Override
  public String toString() {
    return name + ": " + describeType();
  }
}
