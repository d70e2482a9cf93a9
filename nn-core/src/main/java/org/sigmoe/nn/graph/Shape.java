package org.sigmoe.nn.graph;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Sizes of a tensor, outermost first. Tensors are dense and row-major.
 *
 * <p>Many ops see a tensor as a matrix: {@link #rows()} rows of {@link #columns()} elements, where
 * the columns are the last dimension and all others are flattened into rows.
 */
public final class Shape {
  private final int[] sizes;
  private final long elements;

  private Shape(int[] sizes) {
    this.sizes = sizes;
    long count = 1;
    for (int size : sizes) {
      if (size < 1) {
        throw new ShapeException("A tensor size must be at least 1, got " + Arrays.toString(sizes));
      }
      count = Math.multiplyExact(count, size);
    }
    this.elements = count;
  }

  /**
   * A shape of the given sizes.
   *
   * @throws ShapeException if a size is below 1
   */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** The shape of a scalar kept as a tensor of one element. */
  public static Shape scalar() {
    return of(1);
  }

  /** Number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Size of dimension {@code axis}; a negative axis counts from the last. */
  public int size(int axis) {
    return sizes[axis < 0 ? sizes.length + axis : axis];
  }

  /** Product of all sizes. */
  public long elements() {
    return elements;
  }

  /** Size of the last dimension. */
  public int columns() {
    return sizes[sizes.length - 1];
  }

  /**
   * Product of all sizes but the last.
   *
   * @throws ArithmeticException if there are more than {@link Integer#MAX_VALUE} rows
   */
  public int rows() {
    return Math.toIntExact(elements / columns());
  }

  /** This shape with another last dimension. */
  public Shape withColumns(int columns) {
    return withSize(rank() - 1, columns);
  }

  /** This shape with another size at {@code axis}. */
  public Shape withSize(int axis, int size) {
    int[] copy = sizes.clone();
    copy[axis] = size;
    return new Shape(copy);
  }

  /** This shape without its last dimension; the shape of a scalar if there is only one. */
  public Shape withoutColumns() {
    return sizes.length == 1 ? scalar() : new Shape(Arrays.copyOf(sizes, sizes.length - 1));
  }

  /**
   * This shape with other dimensions in the place of its last ones.
   *
   * @param replaced how many of the last dimensions go
   * @param trailing sizes of those that come, any number
   */
  public Shape withTrailing(int replaced, int... trailing) {
    int kept = sizes.length - replaced;
    int[] joined = Arrays.copyOf(sizes, kept + trailing.length);
    System.arraycopy(trailing, 0, joined, kept, trailing.length);
    return new Shape(joined);
  }

  /** The sizes as a fresh array of longs, the form of checkpoint files. */
  public long[] toLongs() {
    return Arrays.stream(sizes).asLongStream().toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** For example {@code [32,64,128]}. */
  @Override
  public String toString() {
    return Arrays.stream(sizes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
