package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
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
    assertEquals(new SparseGradients.Chain(node(activated), sum), found.of(node(scattered)));
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

  @Test
  void activationsThatMayBeRoundedAreLeftAlone() {
    Value dense = relu(z);
    Value scattered = ScatterColumns.of(x, indices, 6);
    graph.output(Add.of(dense, gradient(Activation.RELU, scattered)));
    assertNull(found().of(node(scattered)));
  }
}
