package org.sigmoe.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLimitTest {

  @ParameterizedTest
  @CsvSource({
    "8h, PT8H",
    "8h30m, PT8H30M",
    "1d12h, PT36H",
    "90M, PT90M",
    "45s, PT45S",
    "PT8H30M, PT8H30M",
    "P1DT2H, PT26H",
    "pt0.5s, PT0.5S"
  })
  void timesAreUnderstood(String text, Duration expected) {
    assertEquals(expected, TimeLimit.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "8 hours", "h", "1h2d", "-8h", "PT-8H", "0h", "99999999999h"})
  void whatIsNoTimeAboveZeroIsRefused(String text) {
    UsageException e =
        assertThrows(UsageException.class, () -> TimeLimit.startingNow(text).isOver());
    assertTrue(e.getMessage().startsWith("--max-time: must be "), e::getMessage);
    assertTrue(e.getMessage().contains("got '" + text + "'"), e::getMessage);
  }

  @Test
  void aLimitOfCenturiesIsNone() {
    assertFalse(TimeLimit.startingNow("999999999d").isOver());
    assertFalse(TimeLimit.none().isOver());
  }
}
