package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;

class SinusoidalPositionsTest {
  private static float[] table(int keys, int dModel) {
    Value table = SinusoidalPositions.table(new Graph(), keys, dModel);
    assertEquals(Shape.of(keys, dModel), table.shape());
    return ((Value.Constant) table.origin()).elements().get();
  }

  @Test
  void rowsRunFromTheFarthestKeyToTheQueryItself() {
    // Frequencies 1 and 10000^(-2/4) = 0.01; offsets -2, -1, 0; sine before cosine.
    double[] angles = {-2, -0.02, -1, -0.01, 0, 0};
    float[] expected = new float[12];
    for (int i = 0; i < angles.length; i++) {
      expected[2 * i] = (float) Math.sin(angles[i]);
      expected[2 * i + 1] = (float) Math.cos(angles[i]);
    }
    assertArrayEquals(expected, table(3, 4), 1e-7f);
  }

  @Test
  void aShorterTableIsTheEndOfALongerOne() {
    float[] longer = table(5, 4);
    float[] shorter = table(2, 4);
    float[] end = Arrays.copyOfRange(longer, 12, 20);
    assertArrayEquals(end, shorter);
  }
}
