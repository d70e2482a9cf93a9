package org.sigmoe.nn.graph;

/** Element type and shape of a tensor. */
public record TensorType(DType dtype, Shape shape) {

  /** A 32-bit float tensor. */
  public static TensorType f32(int... sizes) {
    return new TensorType(DType.F32, Shape.of(sizes));
  }

  /** A 32-bit integer tensor. */
  public static TensorType i32(int... sizes) {
    return new TensorType(DType.I32, Shape.of(sizes));
  }

  /** A tensor of this element type and another shape. */
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /** Bytes of the whole tensor. */
  public long bytes() {
    return shape.elements() * dtype.bytes();
  }

  /** For example {@code f32[32,64]}. */
  @Override
  public String toString() {
    return dtype.toString() + shape;
  }
}
