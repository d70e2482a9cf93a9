package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.device.Backend;

/** Which additions products take along. */
final class FusedAdditionsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 5));
  private final Value w = graph.input("w", TensorType.f32(3, 5));
  private final Value z = graph.input("z", TensorType.f32(4, 3));

  private static FusedAdditions of(Graph graph, Backend backend, Precision precision) {
    return FusedAdditions.of(BufferPlan.of(graph), graph.outputs(), backend, precision);
  }

  private FusedAdditions additions() {
    return of(graph, Backend.CUDA, Precision.F32);
  }

  private static Node node(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  private Value relu(Value value) {
    return Activate.of(Activation.RELU, value, null, null);
  }

  @Test
  void scatterAddsWhatIsThere() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    FusedAdditions additions = of(block.graph, Backend.CUDA, Precision.BF16);
    FusedAdditions.Addition addition = additions.ofSummand(block.first(ScatterMatMul.class));
    assertNotNull(addition);
    assertSame(block.x, addition.addend());
    assertSame(block.y, addition.sum());
    assertTrue(additions.contains(node(block.y)));
  }

  @Test
  void onlyTensorCoresAndCublasDo() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node scatter = block.first(ScatterMatMul.class);
    assertNull(of(block.graph, Backend.CUDA, Precision.F32).ofSummand(scatter));
    assertNull(of(block.graph, Backend.OPENCL, Precision.F32).ofSummand(scatter));
  }

  @Test
  void routersGradientIsSummedUpWithThatOfTheExperts() {
    for (boolean residual : new boolean[] {false, true}) {
      RoutedBlock block = new RoutedBlock(residual);
      FusedAdditions additions = of(block.graph, Backend.CUDA, Precision.BF16);
      Node sum = node(block.dx);
      Node product = node(sum.operand(1));
      Node scatter = additions.lateScatter(product);
      assertNotNull(scatter);
      assertTrue(additions.isSummedLater(scatter));
      assertInstanceOf(ScatterMatMul.class, scatter.op());
      assertEquals(
          new FusedAdditions.Addition(sum.operand(0), block.dx), additions.ofSummand(product));
      FusedAdditions.Addition ofScatter = additions.ofSummand(scatter);
      assertSame(residual ? block.dy : null, ofScatter == null ? null : ofScatter.addend());
    }
  }

  @Test
  void otherPrecisionsAddItBehind() {
    RoutedBlock block = new RoutedBlock(false);
    FusedAdditions additions = of(block.graph, Backend.CUDA, Precision.F32);
    assertNull(additions.lateScatter(node(node(block.dx).operand(1))));
  }

  @Test
  void onlySumsWithoutWeightsAreDelayed() {
    for (boolean weighted : new boolean[] {false, true}) {
      Graph own = new Graph();
      Value a = own.input("a", TensorType.f32(6, 4));
      Value weights = weighted ? own.input("weights", TensorType.f32(3, 2)) : null;
      Value experts = own.input("experts", new TensorType(DType.I32, Shape.of(3, 2)));
      Value matrices = own.input("matrices", TensorType.f32(2, 4, 5));
      Route.Result route = Route.of(experts, 2);
      Value sums = ScatterMatMul.of(a, matrices, weights, route, 2, Transpose.NO, Shape.of(3, 5));
      Value product =
          MatMul.linear(own.input("b", TensorType.f32(3, 7)), own.input("c", TensorType.f32(5, 7)));
      own.output(Add.of(sums, product));
      FusedAdditions additions = of(own, Backend.CUDA, Precision.BF16);
      assertNotNull(additions.ofSummand(node(product)));
      assertSame(weighted ? null : node(sums), additions.lateScatter(node(product)));
    }
  }

  @Test
  void productIsAddedInThePlaceOfWhatIsThere() {
    Value there = relu(z);
    Value product = MatMul.linear(x, w);
    Value sum = graph.output(Add.of(there, product));
    FusedAdditions.Addition addition = additions().ofSummand(node(product));
    assertEquals(new FusedAdditions.Addition(there, sum), addition);
  }

  @Test
  void inputsAreNotOverwritten() {
    Value product = MatMul.linear(x, w);
    graph.output(Add.of(z, product));
    assertNull(additions().ofSummand(node(product)));
  }

  @Test
  void whatIsMadeLaterIsNotThere() {
    Value product = MatMul.linear(x, w);
    Value later = relu(z);
    Value sum = graph.output(Add.of(later, product));
    assertFalse(additions().contains(node(sum)));
  }

  @Test
  void whatOthersReadInBetweenIsLeftAlone() {
    Value there = relu(z);
    Value product = MatMul.linear(x, w);
    graph.output(relu(there));
    Value sum = graph.output(Add.of(there, product));
    assertFalse(additions().contains(node(sum)));
  }

  @Test
  void productsThatOthersReadAreLeftAlone() {
    Value there = relu(z);
    Value product = graph.output(MatMul.linear(x, w));
    Value sum = graph.output(Add.of(there, product));
    assertFalse(additions().contains(node(sum)));
  }

  @Test
  void gradientOfLayerNormIsAddedToThatOfTheStream() {
    Value gain = graph.input("gain", TensorType.f32(5));
    Value stream = relu(x);
    Value normed = LayerNorm.of(stream, gain, gain, 1e-5f);
    Value y = relu(Add.of(stream, relu(normed)));
    Value dx = Gradients.of(graph.output(Mean.of(y)), List.of(stream)).getFirst();
    graph.output(relu(dx));
    Node sum = node(dx);
    Node gradient = node(sum.operand(1));
    assertInstanceOf(LayerNorm.Gradient.class, gradient.op());
    FusedAdditions additions = additions();
    assertEquals(new FusedAdditions.Addition(sum.operand(0), dx), additions.ofSummand(gradient));
    assertTrue(additions.contains(sum));
  }

  @Test
  void ofTwoProductsTheLaterAddsItself() {
    Value first = MatMul.linear(x, w);
    Value second = MatMul.linear(relu(x), w);
    Value sum = graph.output(Add.of(first, second));
    FusedAdditions additions = additions();
    assertNull(additions.ofSummand(node(first)));
    assertEquals(new FusedAdditions.Addition(first, sum), additions.ofSummand(node(second)));
  }
}
