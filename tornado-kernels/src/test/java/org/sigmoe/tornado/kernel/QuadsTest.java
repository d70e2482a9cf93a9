package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pairs side by side, where the first one's sign would reach into the second one. */
final class QuadsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, -1",
    "-1, 1",
    "-1, -1",
    "-1, 2147483647",
    "2147483647, -2147483648",
    "-2147483648, -2147483648",
    "305419896, -1698898192"
  })
  void holdsBothPairs(int first, int second) {
    long quad = Quads.of(first, second);
    assertEquals(first, (int) quad, "lower half");
    assertEquals(second, (int) (quad >> 32), "upper half");
  }
}
