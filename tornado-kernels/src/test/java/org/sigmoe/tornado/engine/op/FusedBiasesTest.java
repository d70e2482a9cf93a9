package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.SumRows;

/** Which biases are added where logits are read, and which gradients of logits are rounded. */
final class FusedBiasesTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(6, 5));
  private final Value w = graph.input("w", TensorType.f32(7, 5));
  private final Value bias = graph.input("bias", TensorType.f32(7));
  private final Value product = MatMul.linear(x, w);
  private final Value logits = Activate.of(Activation.IDENTITY, product, bias, null);
  private final Value nll =
      graph.output(CrossEntropy.of(logits, graph.input("targets", TensorType.i32(6))));

  private void differentiate() {
    Value dnll = graph.input("dnll", TensorType.f32(6));
    Gradients.of(Map.of(nll, dnll), List.of(x, w, bias)).forEach(graph::output);
  }

  private FusedBiases found() {
    return FusedBiases.of(BufferPlan.of(graph), graph.outputs());
  }

  private RoundedUses uses() {
    return RoundedUses.of(Schedule.of(graph), graph.outputs());
  }

  private static Node node(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  @Test
  void crossEntropyAndItsGradientAddTheBias() {
    differentiate();
    assertSame(bias, found().ofLogits(logits));
    assertTrue(found().contains(node(logits)));
  }

  @Test
  void logitsThatOthersReadAreComputed() {
    differentiate();
    graph.output(Activate.of(Activation.RELU, logits, null, null));
    assertNull(found().ofLogits(logits));
    assertFalse(found().contains(node(logits)));
  }

  @Test
  void logitsThatTheHostReadsAreComputed() {
    graph.output(logits);
    assertNull(found().ofLogits(logits));
  }

  @Test
  void productsThatOthersReadAreNotWrittenOver() {
    graph.output(Activate.of(Activation.RELU, product, null, null));
    assertNull(found().ofLogits(logits));
  }

  @Test
  void biasesThatAreComputedAreAddedAtOnce() {
    Value computed = Activate.of(Activation.RELU, bias, null, null);
    Value other = Activate.of(Activation.IDENTITY, MatMul.linear(x, w), computed, null);
    graph.output(CrossEntropy.of(other, graph.input("targets2", TensorType.i32(6))));
    assertNull(found().ofLogits(other));
  }

  @Test
  void gradientOfLogitsExistsOnlyRounded() {
    differentiate();
    Node gradient = first(CrossEntropy.Gradient.class);
    assertTrue(uses().onlyRounded(gradient.result(0)));
    assertFalse(uses().reads(first(SumRows.class), 0), "the gradient in f32");
  }

  @Test
  void gradientOfLogitsThatTheHostReadsIsNotSummedRounded() {
    differentiate();
    graph.output(first(CrossEntropy.Gradient.class).result(0));
    assertFalse(uses().onlyRounded(first(CrossEntropy.Gradient.class).result(0)));
    assertTrue(uses().reads(first(SumRows.class), 0));
  }

  private Node first(Class<?> op) {
    return Schedule.of(graph).stream()
        .filter(node -> op.isInstance(node.op()))
        .findFirst()
        .orElseThrow();
  }
}
