package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

/** {@link GatherColumns} and {@link ScatterColumns}, each the gradient of the other. */
class GatherColumnsTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    int[][] sizes = {{1, 1, 1}, {3, 1, 1}, {5, 4, 4}, {7, 16, 3}, {33, 17, 2}, {9, 130, 8}};
    for (int[] size : sizes) {
      cases.add(gather(size[0], size[1], size[2]));
      cases.add(scatter(size[0], size[1], size[2]));
    }
    cases.add(gather(3000, 16, 4));
    cases.add(scatter(3000, 16, 4));
    cases.add(router(33, 16, 1));
    cases.add(router(300, 17, 5));
    cases.add(router(9, 130, 16));
    cases.add(router(40, 256, 4));
    cases.add(router(5, 600, 3));
    cases.add(router(6, 40, 20));
    return OpTests.of(cases);
  }

  private static OpCase gather(int rows, int columns, int selected) {
    return OpCase.named("gather %d of [2,%d,%d]".formatted(selected, rows, columns))
        .differentiable("x", Fill.normal(1), 2, rows, columns)
        .integers("indices", distinct(columns, selected), 2, rows, selected)
        .output(in -> GatherColumns.of(in.get("x"), in.get("indices")));
  }

  private static OpCase scatter(int rows, int columns, int selected) {
    return OpCase.named("scatter %d into [%d,%d]".formatted(selected, rows, columns))
        .differentiable("x", Fill.normal(1), rows, selected)
        .integers("indices", distinct(columns, selected), rows, selected)
        .output(in -> ScatterColumns.of(in.get("x"), in.get("indices"), columns));
  }

  /** Gradients of chosen columns, which go through an activation, and of all columns meet. */
  private static OpCase router(int rows, int columns, int selected) {
    return OpCase.named("router of %d of [%d,%d]".formatted(selected, rows, columns))
        .differentiable("x", Fill.normal(1), rows, columns)
        .outputs(
            in -> {
              Value logits = Scale.of(in.get("x"), 1.5f);
              Value scores = Activate.of(Activation.SIGMOID, logits, null, null);
              Value weights = GatherColumns.of(scores, TopK.of(scores, selected));
              return List.of(weights, NegativeEntropy.of(LogMeanSoftmax.of(logits)));
            });
  }

  /** Rows of so many distinct indices, in any order. */
  private static Fill distinct(int columns, int selected) {
    return (count, random) -> {
      double[] indices = new double[count];
      for (int row = 0; row < count; row += selected) {
        int start = random.nextInt(columns);
        int stride = random.nextBoolean() ? 1 : columns - 1;
        for (int k = 0; k < selected; k++) {
          indices[row + k] = (start + (long) k * stride) % columns;
        }
      }
      return indices;
    };
  }

  @Test
  void columnsAreThoseOfTheRow() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 3));
    Value indices = graph.input("indices", TensorType.i32(2, 2));
    Scenario.Step step = new Scenario.Step().feed(x, 1, 2, 3, 4, 5, 6).feed(indices, 2, 0, 1, 2);
    Value gathered = GatherColumns.of(x, indices);
    assertArrayEquals(new double[] {3, 1, 5, 6}, Truth.of(gathered, step));
    assertArrayEquals(
        new double[] {1, 0, 3, 0, 5, 6}, Truth.of(ScatterColumns.of(gathered, indices, 3), step));
  }
}
