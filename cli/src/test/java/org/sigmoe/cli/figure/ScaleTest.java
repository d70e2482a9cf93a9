package org.sigmoe.cli.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ScaleTest {

  private static List<String> labels(Scale scale, int about) {
    return scale.ticks(about).stream().map(Scale.Tick::label).toList();
  }

  @Test
  void linearTicksAreRoundNumbers() {
    assertEquals(List.of("0", "500", "1,000", "1,500"), labels(new Scale.Linear(0, 1600), 4));
    assertEquals(List.of("1.90", "1.95", "2", "2.05"), labels(new Scale.Linear(1.88, 2.07), 4));
    assertEquals(List.of("0", "5 M", "10 M"), labels(new Scale.Linear(0, 12_000_000), 3));
    assertEquals(List.of("-0.5", "0", "0.5"), labels(new Scale.Linear(-0.6, 0.6), 3));
  }

  @Test
  void logarithmicTicksAreDecadesWhereThereAreSeveral() {
    assertEquals(
        List.of("0.001", "0.01", "0.1", "1"), labels(new Scale.Logarithmic(0.0008, 1.5), 5));
    assertEquals(List.of("2", "5", "10", "20"), labels(new Scale.Logarithmic(1.5, 30), 5));
  }

  @Test
  void logarithmicScaleOfLessThanAnOctaveStillHasTicks() {
    assertTrue(new Scale.Logarithmic(1.31, 1.52).ticks(5).size() >= 3);
  }

  @Test
  void numbersLieBetweenTheEnds() {
    assertEquals(0.5, new Scale.Linear(2, 4).place(3));
    assertEquals(0.5, new Scale.Logarithmic(1, 100).place(10), 1e-12);
  }

  @Test
  void scaleAroundNumbersHoldsAllThatAreFinite() {
    Scale.Linear linear =
        Scale.Linear.around(DoubleStream.of(1, Double.NaN, 3, Double.POSITIVE_INFINITY));
    assertTrue(linear.least() < 1 && linear.most() > 3 && linear.most() < 4, linear.toString());
    Scale.Logarithmic log = Scale.Logarithmic.around(DoubleStream.of(0, 0.01, 10));
    assertTrue(log.least() < 0.01 && log.least() > 0.001 && log.most() > 10, log.toString());
  }

  @Test
  void oneNumberOrNoneIsAScaleToo() {
    assertTrue(Scale.Linear.around(DoubleStream.of(5)).place(5) == 0.5);
    assertTrue(Scale.Linear.around(DoubleStream.empty()).ticks(4).size() > 2);
    assertTrue(Scale.Logarithmic.around(DoubleStream.of(5)).place(5) > 0.4);
    assertTrue(Scale.Logarithmic.around(DoubleStream.empty()).most() > 0);
    assertTrue(Scale.Linear.around(0, DoubleStream.of(0)).most() > 0);
  }

  @Test
  void endsInTheWrongOrderAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Scale.Linear(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scale.Linear(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scale.Logarithmic(0, 1));
  }
}
