package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class GradientsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(2, 2));
  private final Value w = graph.input("w", TensorType.f32(2, 2));

  @Test
  void gradientsOfSeveralUsesAreSummed() {
    // mean(x + x + relu(x)): 2/4, and 1/4 more where x > 0.
    Value sum = Add.of(Add.of(x, x), Activate.of(Activation.RELU, x, null, null));
    Value gradient = Gradients.of(Mean.of(sum), List.of(x)).getFirst();
    Scenario.Step step = new Scenario.Step().feed(x, 1, -1, 2, -2).feed(w, 0, 0, 0, 0);
    assertArrayEquals(new double[] {0.75, 0.5, 0.75, 0.5}, Truth.of(gradient, step));
  }

  @Test
  void aValueThatIsNotUsedTwiceIsNotSummed() {
    Gradients.of(Mean.of(MatMul.linear(x, w)), List.of(w));
    assertEquals(0, count(graph, Add.class));
  }

  @Test
  void branchesThatLeadNowhereGetNoNodes() {
    // The branch of x alone: nothing above the product depends on w.
    Value branch =
        Activate.of(Activation.RELU, Activate.of(Activation.RELU, x, null, null), null, null);
    Value loss = Mean.of(MatMul.linear(branch, w));
    Gradients.of(loss, List.of(w));
    assertEquals(0, count(graph, Activate.Gradient.class));
  }

  @Test
  void nothingIsAppendedAboveAValueThatIsAskedFor() {
    Value hidden = Activate.of(Activation.RELU, x, null, null);
    Gradients.of(Mean.of(Activate.of(Activation.RELU, hidden, null, null)), List.of(hidden));
    assertEquals(1, count(graph, Activate.Gradient.class));
  }

  @Test
  void branchesThatDoNotReachTheLossGetNoNodes() {
    Activate.of(Activation.RELU, x, null, null);
    Gradients.of(Mean.of(Add.of(x, x)), List.of(x));
    assertEquals(0, count(graph, Activate.Gradient.class));
  }

  /** A product's gradient for the input of a model is appended with that for its weight. */
  @Test
  void gradientsThatNobodyAskedForDoNotRun() {
    Value gradient = Gradients.of(Mean.of(MatMul.linear(x, w)), List.of(w)).getFirst();
    graph.output(gradient);
    long products = Schedule.of(graph).stream().filter(node -> node.op() instanceof MatMul).count();
    assertEquals(1, products, "the forward product is not needed either");
  }

  @Test
  void aValueThatTheLossDoesNotDependOnIsNamed() {
    Value loss = Mean.of(x);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(loss, List.of(x, w)));
    assertTrue(thrown.getMessage().contains("w f32[2,2]"), thrown.getMessage());
  }

  @Test
  void onlyAScalarIsDifferentiated() {
    ShapeException thrown =
        assertThrows(ShapeException.class, () -> Gradients.of(Add.of(x, w), List.of(x)));
    assertTrue(thrown.getMessage().contains("f32[2,2]"), thrown.getMessage());
  }

  @Test
  void aSeedMustFitItsValue() {
    Value y = Add.of(x, w);
    Value seed = graph.input("seed", TensorType.f32(4));
    ShapeException thrown =
        assertThrows(ShapeException.class, () -> Gradients.of(Map.of(y, seed), List.of(x)));
    assertTrue(thrown.getMessage().contains("seed f32[4]"), thrown.getMessage());
  }

  @Test
  void seedsOfAValueAndOfOneItFeedsAreSummed() {
    Value y = Add.of(x, x);
    Value z = Add.of(y, w);
    Value dy = graph.input("dy", TensorType.f32(2, 2));
    Value dz = graph.input("dz", TensorType.f32(2, 2));
    Value gradient = Gradients.of(Map.of(y, dy, z, dz), List.of(x)).getFirst();
    Scenario.Step step =
        new Scenario.Step()
            .feed(x, 0, 0, 0, 0)
            .feed(w, 0, 0, 0, 0)
            .feed(dy, 1, 2, 3, 4)
            .feed(dz, 10, 20, 30, 40);
    assertArrayEquals(new double[] {22, 44, 66, 88}, Truth.of(gradient, step));
  }

  @Test
  void theLossIsItsOwnGradientOne() {
    Value loss = Mean.of(x);
    Value gradient = Gradients.of(loss, List.of(loss)).getFirst();
    assertEquals(Shape.scalar(), gradient.shape());
    assertTrue(gradient.origin() instanceof Value.Constant, gradient.toString());
  }

  @Test
  void aGradientThatWouldPassThroughAnAuxiliaryResultIsRefused() {
    Value targets = graph.input("targets", TensorType.i32(2));
    Value nll = CrossEntropy.of(x, targets);
    assertTrue(nll.origin() instanceof Value.Result);
    Value lse = graph.nodes().getLast().result(1);
    Value loss = Mean.of(Add.of(nll, lse));
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> Gradients.of(loss, List.of(x)));
    assertTrue(thrown.getMessage().contains(lse.name()), thrown.getMessage());
  }

  @Test
  void gradientNodesStandInTheScopeOfTheirOpAndInTheBackwardPhase() {
    Value y;
    try (Graph.Scope _ = graph.scope("layer")) {
      y = MatMul.linear(x, w);
    }
    try (Graph.Scope _ = graph.scope("elsewhere")) {
      Value gradient = Gradients.of(Mean.of(y), List.of(w)).getFirst();
      Node node = ((Value.Result) gradient.origin()).node();
      assertEquals("layer", node.scope());
      assertSame(Node.Phase.BACKWARD, node.phase());
      assertEquals("elsewhere", ((Value.Result) Add.of(x, x).origin()).node().scope());
      assertSame(Node.Phase.FORWARD, graph.nodes().getLast().phase());
    }
  }

  private static long count(Graph graph, Class<?> op) {
    return graph.nodes().stream().filter(node -> op.isInstance(node.op())).count();
  }
}
