package org.sigmoe.nn.engine.reference;

import org.sigmoe.nn.graph.Shape;

/** A tensor in double precision, row-major. Integers are held as doubles, which is exact. */
final class Tensor {
  private final Shape shape;
  private final double[] elements;

  Tensor(Shape shape, double[] elements) {
    if (elements.length != shape.elements()) {
      throw new IllegalArgumentException(
          "A tensor " + shape + " has " + shape.elements() + " elements, got " + elements.length);
    }
    this.shape = shape;
    this.elements = elements;
  }

  static Tensor zeros(Shape shape) {
    return new Tensor(shape, new double[Math.toIntExact(shape.elements())]);
  }

  static Tensor scalar(double value) {
    return new Tensor(Shape.scalar(), new double[] {value});
  }

  Tensor copy() {
    return new Tensor(shape, elements.clone());
  }

  Shape shape() {
    return shape;
  }

  /** The elements themselves, not a copy. */
  double[] elements() {
    return elements;
  }

  int size() {
    return elements.length;
  }

  int rows() {
    return shape.rows();
  }

  int columns() {
    return shape.columns();
  }

  double at(int index) {
    return elements[index];
  }

  void set(int index, double value) {
    elements[index] = value;
  }

  void add(int index, double value) {
    elements[index] += value;
  }

  int intAt(int index) {
    return (int) elements[index];
  }

  /** Element of the matrix that has all dimensions but the last as its rows. */
  double at(int row, int column) {
    return elements[row * columns() + column];
  }

  void set(int row, int column, double value) {
    elements[row * columns() + column] = value;
  }

  void add(int row, int column, double value) {
    elements[row * columns() + column] += value;
  }

  /** Element of a tensor of three dimensions. */
  double at(int outer, int row, int column) {
    return at(outer * shape.size(1) + row, column);
  }

  void set(int outer, int row, int column, double value) {
    set(outer * shape.size(1) + row, column, value);
  }

  void add(int outer, int row, int column, double value) {
    add(outer * shape.size(1) + row, column, value);
  }
}
