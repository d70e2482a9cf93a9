package org.sigmoe.moe.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.EngineSession;

/** The coefficient of variation of importance, for two tokens of two of four experts. */
class ImportanceBalanceTest {
  static List<EngineProvider> engines() {
    return EngineSession.engines();
  }

  /** The loss with the weight 0.1, and its gradients for the four weights. */
  private record Found(float loss, float[] gradient) {}

  private static Found find(EngineProvider engine, int[] experts, float[] weights) {
    Graph graph = new Graph();
    Value selected = graph.input("experts", TensorType.i32(2, 2));
    Value factors = graph.input("weights", TensorType.f32(2, 2));
    Value counts = graph.input("counts", TensorType.i32(4));
    Routing routing = new Routing(factors, selected, factors, factors);
    Value loss = graph.output(new ImportanceBalance(0.1).loss(routing, counts));
    Value gradient = graph.output(Gradients.of(loss, List.of(factors)).getFirst());
    try (EngineSession session = EngineSession.open(engine);
        EngineSession.Run run = session.compile(graph)) {
      run.feed(selected, experts).feed(factors, weights).feed(counts, new int[4]).run();
      return new Found(run.fetch(loss)[0], run.fetch(gradient));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void lossIsDeviationOverMean(EngineProvider engine) {
    // Importance 1.25, 0.75, 0, 0 with mean 0.5.
    Found found = find(engine, new int[] {0, 1, 0, 1}, new float[] {0.75f, 0.25f, 0.5f, 0.5f});
    double deviation = Math.sqrt((0.75 * 0.75 + 0.25 * 0.25 + 0.25 + 0.25) / 4);
    assertEquals(0.1 * deviation / 0.5, found.loss(), 1e-6);
    double each = 0.1 / 0.5 / deviation / 4;
    float first = (float) (each * 0.75);
    float second = (float) (each * 0.25);
    assertArrayEquals(new float[] {first, second, first, second}, found.gradient(), 1e-6f);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void equalImportanceCostsNothingAndHasNoGradient(EngineProvider engine) {
    Found found = find(engine, new int[] {0, 1, 2, 3}, new float[] {0.5f, 0.5f, 0.5f, 0.5f});
    assertEquals(0, found.loss());
    assertArrayEquals(new float[4], found.gradient());
  }
}
