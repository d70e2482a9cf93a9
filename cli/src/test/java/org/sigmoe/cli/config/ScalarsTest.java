package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.engine.Precision;

class ScalarsTest {

  private static String refusal(String text, Class<?> type) {
    return assertThrows(IllegalArgumentException.class, () -> Scalars.parse(text, type))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "1e5, 100000", "2.0, 2", "010, 10", "-3, -3"})
  void wholeNumbersMayHaveAnExponent(String text, long number) {
    assertEquals(number, Scalars.parse(text, long.class));
    assertEquals((int) number, Scalars.parse(text, int.class));
  }

  @Test
  void infinityIsTheGreatestWholeNumber() {
    assertEquals(Long.MAX_VALUE, Scalars.parse(".inf", Long.class));
    assertEquals(Double.POSITIVE_INFINITY, Scalars.parse(".inf", double.class));
  }

  @Test
  void enumsAreWrittenSmall() {
    assertEquals(Precision.BF16, Scalars.parse("bf16", Precision.class));
    assertEquals("must be one of f32, tf32, bf16, got 'f16'", refusal("f16", Precision.class));
  }

  @Test
  void otherTextsAreRefused() {
    assertEquals("must be a whole number, got 'many'", refusal("many", int.class));
    assertEquals("must be a whole number, got 1.5", refusal("1.5", long.class));
    assertEquals("must be a number, got 'NaN'", refusal("NaN", double.class));
    assertEquals("must be at most 2,147,483,647, got 3e9", refusal("3e9", int.class));
    assertEquals("must be a path, got an empty text", refusal(" ", Path.class));
  }

  @Test
  void hugeExponentIsRefusedAtOnce() {
    assertEquals(
        "must be at most 2,147,483,647, got 1e999999999", refusal("1e999999999", int.class));
  }
}
