package org.sigmoe.moe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Parameter;

/** What the weights of a mixture are before the first step: WT-S, 412 wide, 16 layers. */
class InitialisationTest {
  private static final int D = 412;
  private static final int LAYERS = 16;

  private static float[] initial(FeedForwardConfig config, String name) {
    Parameter parameter =
        config.build(new Placement("layers.3", D, LAYERS, 0.1)).parameters().stream()
            .filter(candidate -> candidate.name().equals("layers.3.pkm." + name))
            .findFirst()
            .orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), 4);
      parameter.initialise(1, elements);
      return elements.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static double std(float[] elements) {
    double squares = 0;
    for (float element : elements) {
      squares += (double) element * element;
    }
    return Math.sqrt(squares / elements.length);
  }

  private static double norm(float[] rows, int row) {
    return std(Arrays.copyOfRange(rows, row * D, (row + 1) * D)) * Math.sqrt(D);
  }

  private static SigmaMoeConfig sigma(Initialisation initialisation) {
    return new SigmaMoeConfig(
        16, 128, 4, 0, 0, HiddenDropout.NONE, initialisation, ExpertOptions.defaults());
  }

  private static void assertStd(double expected, float[] elements, double within) {
    assertEquals(1, std(elements) / expected, within);
  }

  @Test
  void secondMatrixStartsAsThatOfOneDenseBlock() {
    assertStd(Math.sqrt(2.0 / (D * LAYERS)), initial(sigma(Initialisation.PAPER), "keys"), 0.005);
    assertStd(
        Math.sqrt(2.0 / (128 * 16 * LAYERS)),
        initial(sigma(Initialisation.PAPER), "values"),
        0.005);
  }

  @Test
  void standardInitialisationCountsTheUnitsOfOneExpert() {
    SigmaMoeConfig standard = sigma(Initialisation.STANDARD);
    assertStd(Math.sqrt(2.0 / (D * LAYERS)), initial(standard, "keys"), 0.005);
    assertStd(Math.sqrt(2.0 / (128 * LAYERS)), initial(standard, "values"), 0.005);
  }

  @Test
  void switchHasATenthOfTheVarianceAndRowsAsTheyCome() {
    SwitchConfig config = SwitchConfig.of(16, 128, 1);
    assertStd(Math.sqrt(0.2 / (D * LAYERS)), initial(config, "keys"), 0.005);
    assertStd(Math.sqrt(0.2 / (128 * LAYERS)), initial(config, "values"), 0.005);
    float[] selection = initial(config, "expert_sel");
    assertStd(Math.sqrt(0.2 / (D * LAYERS)), selection, 0.05);
    double[] norms = norms(selection);
    assertTrue(norms[15] / norms[0] > 1.02, Arrays.toString(norms));
  }

  @Test
  void normalNumbersAreNotTruncated() {
    float[] keys = initial(sigma(Initialisation.PAPER), "keys");
    double std = std(keys);
    long beyond = 0;
    for (float key : keys) {
      beyond += Math.abs(key) > 3 * std ? 1 : 0;
    }
    assertEquals(0.0027, (double) beyond / keys.length, 0.0003);
  }

  @Test
  void rowsOfTheSelectionDifferInDirectionAlone() {
    for (Initialisation initialisation :
        new Initialisation[] {Initialisation.PAPER, Initialisation.STANDARD}) {
      float[] selection = initial(sigma(initialisation), "expert_sel");
      assertStd(Math.sqrt(2.0 / (D * LAYERS)), selection, 0.05);
      double[] norms = norms(selection);
      assertEquals(1, norms[15] / norms[0], 1e-6);
    }
  }

  /** Ascending. */
  private static double[] norms(float[] rows) {
    double[] norms = new double[rows.length / D];
    Arrays.setAll(norms, row -> norm(rows, row));
    Arrays.sort(norms);
    return norms;
  }

  @Test
  void allNoiseBeginsAlike() {
    for (float element : initial(NoisyTopKConfig.of(16, 128, 4), "noise_sel")) {
      assertEquals(0f, element);
    }
  }
}
