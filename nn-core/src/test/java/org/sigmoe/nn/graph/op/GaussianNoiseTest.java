package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class GaussianNoiseTest {
  private static final int COUNT = 400_000;

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(noise(0, 1), noise(1, 2), noise(7, 3, 17), noise(7, 16, 1000), noise(2, 301, 111)));
  }

  private static OpCase noise(int site, int... sizes) {
    return OpCase.named("site " + site + " " + TensorType.f32(sizes))
        .integers("key", Fill.below(100_000), 2)
        .output(in -> GaussianNoise.of(in.get("key"), site, Shape.of(sizes)));
  }

  private static double[] draw(int seed, int step, int site) {
    Value key = new Graph().input("key", TensorType.i32(2));
    Value noise = GaussianNoise.of(key, site, Shape.of(COUNT));
    return Truth.of(noise, new Scenario.Step().feed(key, seed, step));
  }

  private static double moment(double[] x, int power) {
    return Arrays.stream(x).map(value -> Math.pow(value, power)).average().orElseThrow();
  }

  /** Five standard errors of a mean of values of this variance. */
  private static double five(double variance) {
    return 5 * Math.sqrt(variance / COUNT);
  }

  @Test
  void momentsAreThoseOfTheStandardNormalDistribution() {
    double[] x = draw(1, 2, 3);
    assertEquals(0, moment(x, 1), five(1));
    assertEquals(1, moment(x, 2), five(2));
    assertEquals(0, moment(x, 3), five(15));
    assertEquals(3, moment(x, 4), five(96));
  }

  @Test
  void sharesWithinOneAndBeyondThreeDeviationsAreNormal() {
    double[] x = draw(4, 5, 6);
    assertEquals(0.682689, share(x, 0, 1), five(0.22));
    assertEquals(0.002700, share(x, 3, 6), five(0.0027));
  }

  private static double share(double[] x, double low, double high) {
    return Arrays.stream(x).filter(v -> Math.abs(v) >= low && Math.abs(v) < high).count()
        / (double) COUNT;
  }

  @Test
  void neighboursStepsAndSitesAreNotCorrelated() {
    double[] x = draw(1, 2, 3);
    double[] next = new double[COUNT];
    System.arraycopy(x, 1, next, 0, COUNT - 1);
    assertEquals(0, correlation(x, next), five(1));
    assertEquals(0, correlation(x, draw(1, 3, 3)), five(1));
    assertEquals(0, correlation(x, draw(1, 2, 4)), five(1));
    assertEquals(0, correlation(x, draw(2, 2, 3)), five(1));
  }

  private static double correlation(double[] a, double[] b) {
    return IntStream.range(0, COUNT).mapToDouble(i -> a[i] * b[i]).average().orElseThrow();
  }

  @Test
  void sameKeyAndSiteGiveTheSameNoise() {
    assertArrayEquals(draw(8, 9, 10), draw(8, 9, 10));
  }

  @Test
  void extremeHashesStayInRange() {
    assertEquals(0x1p-24f, GaussianNoise.radiusDraw(0));
    assertEquals(1, GaussianNoise.radiusDraw(-1));
    assertEquals(0, GaussianNoise.turnDraw(0));
    assertEquals(1 - 0x1p-24f, GaussianNoise.turnDraw(-1));
  }
}
