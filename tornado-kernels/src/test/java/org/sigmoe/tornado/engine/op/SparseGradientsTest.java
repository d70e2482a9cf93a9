package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.ScatterColumns;

/** Which gradients of chosen columns are added where they are chosen alone. */
final class SparseGradientsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 2));
  private final Value indices = graph.input("indices", new TensorType(DType.I32, Shape.of(4, 2)));
  private final Value y = graph.input("y", TensorType.f32(4, 6));
  private final Value z = graph.input("z", TensorType.f32(4, 6));

  private SparseGradients found() {
    return SparseGradients.of(BufferPlan.of(graph), graph.outputs());
  }

  private static Node node(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  private Value relu(Value value) {
    return Activate.of(Activation.RELU, value, null, null);
  }

  private Value gradient(Activation activation, Value dy) {
    return graph.apply(new Activate.Gradient(activation, 0), dy, y).result(0);
  }

  @Test
  void chosenColumnsAreAddedInThePlaceOfAll() {
    Value dense = relu(z);
    Value scattered = ScatterColumns.of(x, indices, 6);
    Value activated = gradient(Activation.SIGMOID, scattered);
    Value sum = graph.output(Add.of(dense, activated));
    SparseGradients found = found();
    assertEquals(new SparseGradients.Chain(node(activated), sum, null), found.of(node(scattered)));
    assertTrue(found.contains(node(activated)));
    assertTrue(found.contains(node(sum)));
  }

  @Test
  void inputsAreNotOverwritten() {
    Value scattered = ScatterColumns.of(x, indices, 6);
    graph.output(Add.of(z, gradient(Activation.SIGMOID, scattered)));
    assertNull(found().of(node(scattered)));
  }

  @Test
  void whatIsMadeLaterIsNotThere() {
    Value scattered = ScatterColumns.of(x, indices, 6);
    graph.output(Add.of(relu(z), gradient(Activation.SIGMOID, scattered)));
    assertNull(found().of(node(scattered)));
  }

  @Test
  void whatOthersReadIsLeftAlone() {
    Value dense = relu(z);
    Value scattered = ScatterColumns.of(x, indices, 6);
    graph.output(relu(dense));
    graph.output(Add.of(dense, gradient(Activation.SIGMOID, scattered)));
    assertNull(found().of(node(scattered)));
  }

  /** Whether the host reads the logarithm of the mean softmax. */
  private enum Logarithm {
    OUTPUT,
    INNER
  }

  /** The gradient for logits of sigmoid(logits) at chosen columns and of their entropy. */
  private Value routerGradient(Value logits, Logarithm logarithm) {
    Value scores = Activate.of(Activation.SIGMOID, logits, null, null);
    Value weights = graph.output(GatherColumns.of(scores, indices));
    Value logp = LogMeanSoftmax.of(logits);
    if (logarithm == Logarithm.OUTPUT) {
      graph.output(logp);
    }
    Value entropy = graph.output(NegativeEntropy.of(logp));
    Value dentropy = graph.input("dentropy", TensorType.f32(1));
    Map<Value, Value> seeds = Map.of(weights, x, entropy, dentropy);
    return Gradients.of(seeds, List.of(logits)).getFirst();
  }

  private Node scatter() {
    return Schedule.of(graph).stream()
        .filter(node -> node.op() instanceof ScatterColumns)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void gradientOfTheEntropyIsComputedAlong() {
    Value sum = graph.output(routerGradient(relu(z), Logarithm.INNER));
    SparseGradients found = found();
    Node dense = found.of(scatter()).dense();
    assertSame(dense, node(node(sum).operand(0)));
    assertTrue(found.contains(dense));
    Set<Value> small = Set.of(dense.operand(0), dense.operand(2), dense.operand(3));
    assertEquals(small, found.readLater());
    assertEquals(Set.of(sum), found.roundable());
    assertTrue(found.sameAs(found()));
  }

  @Test
  void gradientOfTheEntropyOfTooManyColumnsIsComputedBefore() {
    Value wide = graph.input("wide", TensorType.f32(4, 4097));
    graph.output(routerGradient(relu(wide), Logarithm.INNER));
    assertEquals(Set.of(), found().roundable());
  }

  @Test
  void sameMeansTheSameChains() {
    Value scattered = ScatterColumns.of(x, indices, 6);
    SparseGradients none = found();
    graph.output(Add.of(relu(z), gradient(Activation.SIGMOID, scattered)));
    assertTrue(none.sameAs(found()));
    Value dense = relu(z);
    graph.output(Add.of(dense, gradient(Activation.SIGMOID, ScatterColumns.of(x, indices, 6))));
    assertFalse(none.sameAs(found()));
  }

  @Test
  void gradientOfLogitsThatArePutElsewhereIsComputedBefore() {
    graph.output(routerGradient(z, Logarithm.INNER));
    assertNull(found().of(scatter()).dense());
    assertEquals(Set.of(), found().readLater());
  }

  @Test
  void whatLaterNodesReadHasThePlaceThatIsPlanned() {
    graph.output(routerGradient(relu(z), Logarithm.OUTPUT));
    assertNull(found().of(scatter()).dense());
    assertEquals(Set.of(), found().roundable());
  }

  @Test
  void sumThatProductsReadExistsOnlyRounded() {
    Value sum = routerGradient(relu(z), Logarithm.INNER);
    graph.output(MatMul.linear(sum, graph.input("w", TensorType.f32(3, 6))));
    List<Node> schedule = Schedule.of(graph);
    assertTrue(RoundedUses.of(schedule, graph.outputs(), found()).onlyRounded(sum));
    assertFalse(RoundedUses.of(schedule, graph.outputs()).onlyRounded(sum));
  }

  @Test
  void activationsThatMayBeRoundedAreLeftAlone() {
    Value dense = relu(z);
    Value scattered = ScatterColumns.of(x, indices, 6);
    graph.output(Add.of(dense, gradient(Activation.RELU, scattered)));
    assertNull(found().of(node(scattered)));
  }
}
