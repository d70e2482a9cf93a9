package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {

  @Test
  void bytesArePowersOf1024() {
    assertEquals("1023 bytes", Units.bytes(1023));
    assertEquals("1.00 KiB", Units.bytes(1024));
    assertEquals("1.21 GiB", Units.bytes(1_300_000_000));
    assertEquals("86.4 MiB", Units.bytes(90_600_000));
  }

  @Test
  void largeNumbersArePowersOf1000() {
    assertEquals("999", Units.large(999));
    assertEquals("2.24 M", Units.large(2_240_000));
    assertEquals("634 M", Units.large(634_000_000));
  }

  @Test
  void durationsHaveHoursOnlyWhereThereAreAny() {
    assertEquals("0:05", Units.duration(Duration.ofMillis(4_600)));
    assertEquals("59:59", Units.duration(Duration.ofSeconds(3599)));
    assertEquals("1:02:03", Units.duration(Duration.ofSeconds(3723)));
    assertEquals("0:00", Units.duration(Duration.ofSeconds(-1)));
  }

  @Test
  void countsHaveACommaEveryThreeDigits() {
    assertEquals("47,260,136", Units.count(47_260_136));
  }
}
