package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Sizing by the number of parameters, tried on the dense family: 2 D F + F + D of them. */
class ParameterMatchingTest {

  private static long dense(int dModel, int hidden) {
    return 2L * dModel * hidden + hidden + dModel;
  }

  @Test
  void parametersAreThoseOfOneBlock() {
    assertEquals(dense(12, 20), ParameterMatching.parameters(new DenseConfig(20), 12));
  }

  @Test
  void familyIsSizedToItself() {
    for (int hidden : new int[] {1, 2, 3, 7, 8, 9, 2053}) {
      assertEquals(
          hidden, ParameterMatching.size(DenseConfig::new, 412, new DenseConfig(hidden)), "F");
    }
  }

  @Test
  void nearestSizeIsChosenBeItSmallerOrGreater() {
    long each = 2 * 12 + 1;

    assertEquals(20, ParameterMatching.size(DenseConfig::new, 12, dense(12, 20) + each / 2));
    assertEquals(21, ParameterMatching.size(DenseConfig::new, 12, dense(12, 20) + each / 2 + 1));
  }

  @Test
  void ofTwoEquallyNearTheSmallerIsChosen() {
    // Two widths at once: 2 * (2 * 12 + 1) = 50 parameters from one size to the next.
    assertEquals(
        5, ParameterMatching.size(size -> new DenseConfig(2 * size), 12, dense(12, 10) + 25));
  }

  @Test
  void fewerParametersThanTheSmallestSizeHasGiveTheSmallest() {
    assertEquals(1, ParameterMatching.size(DenseConfig::new, 12, 3));
  }

  @Test
  void refusedSizesAreTooSmall() {
    assertEquals(5, ParameterMatching.size(size -> atLeast(5, size), 12, new DenseConfig(3)));
    assertEquals(5, ParameterMatching.size(size -> atLeast(5, size), 12, dense(12, 5) - 1));
    assertEquals(9, ParameterMatching.size(size -> atLeast(5, size), 12, new DenseConfig(9)));
  }

  @Test
  void familyThatRefusesEverySizeSaysWhy() {
    assertEquals(
        "No size gives 87 parameters: dFeedForward: must be at least 2000000000",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ParameterMatching.size(
                        size -> atLeast(2_000_000_000, size), 12, new DenseConfig(3)))
            .getMessage());
  }

  private static DenseConfig atLeast(int least, int size) {
    if (size < least) {
      throw new IllegalArgumentException("dFeedForward: must be at least " + least);
    }
    return new DenseConfig(size);
  }
}
