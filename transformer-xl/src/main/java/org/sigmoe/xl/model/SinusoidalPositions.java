package org.sigmoe.xl.model;

import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;

/**
 * Fixed encodings of the offset of a key to a query (Vaswani et al. 2017): for offset p, element 2i
 * is sin(p * f_i) and element 2i + 1 is cos(p * f_i), with f_i = 10000^(-2i / D).
 */
public final class SinusoidalPositions {
  private static final double BASE = 10_000;

  private SinusoidalPositions() {}

  /** The constant [S, D] whose row c encodes the offset c - (S - 1), so that the last row is 0. */
  public static Value table(Graph graph, int keys, int dModel) {
    return graph.constant("positions", Shape.of(keys, dModel), () -> elements(keys, dModel));
  }

  private static float[] elements(int keys, int dModel) {
    float[] table = new float[Math.multiplyExact(keys, dModel)];
    for (int column = 0; column < dModel; column += 2) {
      double frequency = Math.pow(BASE, -(double) column / dModel);
      for (int row = 0; row < keys; row++) {
        double angle = (row - (keys - 1)) * frequency;
        table[row * dModel + column] = (float) Math.sin(angle);
        table[row * dModel + column + 1] = (float) Math.cos(angle);
      }
    }
    return table;
  }
}
