package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void rowsAreAllDimensionsButTheLast() {
    Shape shape = Shape.of(2, 3, 5);
    assertEquals(30, shape.elements());
    assertEquals(6, shape.rows());
    assertEquals(5, shape.columns());
    assertEquals(3, shape.rank());
    assertEquals(3, shape.size(1));
    assertEquals(5, shape.size(-1));
    assertEquals(2, shape.size(-3));
    assertArrayEquals(new long[] {2, 3, 5}, shape.toLongs());
    assertEquals("[2,3,5]", shape.toString());
  }

  @Test
  void aVectorIsOneRow() {
    assertEquals(1, Shape.of(7).rows());
    assertEquals(Shape.scalar(), Shape.of(7).withoutColumns());
  }

  @Test
  void sizesAreReplaced() {
    assertEquals(Shape.of(2, 3, 7), Shape.of(2, 3, 5).withColumns(7));
    assertEquals(Shape.of(9, 3, 5), Shape.of(2, 3, 5).withSize(0, 9));
    assertEquals(Shape.of(2, 3), Shape.of(2, 3, 5).withoutColumns());
  }

  @Test
  void equalityIsBySizes() {
    assertEquals(Shape.of(2, 3), Shape.of(2, 3));
    assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
    assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
    assertNotEquals(Shape.of(6), Shape.of(2, 3));
  }

  @Test
  void sizesBelowOneAreRefused() {
    ShapeException thrown = assertThrows(ShapeException.class, () -> Shape.of(2, 0, 3));
    assertTrue(thrown.getMessage().contains("[2, 0, 3]"), thrown.getMessage());
    assertThrows(ShapeException.class, () -> Shape.of(-1));
  }

  @Test
  void elementsBeyondIntAreCounted() {
    assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).elements());
    assertThrows(ArithmeticException.class, () -> Shape.of(1 << 20, 1 << 20, 1 << 24).elements());
    assertThrows(ArithmeticException.class, () -> Shape.of(1 << 20, 1 << 20, 2).rows());
  }

  @Test
  void givenSizesAreCopied() {
    int[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 9;
    assertEquals(Shape.of(2, 3), shape);
  }

  @Test
  void aTypeCountsItsBytes() {
    assertEquals(24, TensorType.f32(2, 3).bytes());
    assertEquals("i32[2,3]", TensorType.i32(2, 3).toString());
    assertEquals(TensorType.i32(5), TensorType.i32(2, 3).withShape(Shape.of(5)));
  }
}
