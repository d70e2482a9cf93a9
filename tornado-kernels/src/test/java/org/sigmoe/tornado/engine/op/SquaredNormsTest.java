package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddSquaredNorm;

/** Which squared norms are computed together. */
final class SquaredNormsTest {
  private final Graph graph = new Graph();
  private final Value zero = graph.input("zero", TensorType.f32(1));
  private final Value x = graph.input("x", TensorType.f32(5));
  private final Value y = graph.input("y", TensorType.f32(7));

  private SquaredNorms found() {
    return SquaredNorms.of(BufferPlan.of(graph), graph.outputs());
  }

  private static Node node(Value result) {
    return ((Value.Result) result.origin()).node();
  }

  @Test
  void thoseThatAddToEachOtherAreComputedByTheLast() {
    Value first = AddSquaredNorm.of(zero, x);
    Value second = AddSquaredNorm.of(first, y);
    Value third = AddSquaredNorm.of(second, x);
    graph.output(third);
    SquaredNorms norms = found();
    assertTrue(norms.contains(node(first)));
    assertTrue(norms.contains(node(second)));
    assertFalse(norms.contains(node(third)));
    assertEquals(List.of(node(first), node(second), node(third)), norms.upTo(node(third)));
  }

  @Test
  void oneAloneIsComputedAlone() {
    Value norm = graph.output(AddSquaredNorm.of(zero, x));
    assertEquals(List.of(node(norm)), found().upTo(node(norm)));
  }

  @Test
  void whatOthersReadIsComputedWhereItIs() {
    Value first = AddSquaredNorm.of(zero, x);
    Value second = AddSquaredNorm.of(first, y);
    graph.output(Add.of(first, second));
    SquaredNorms norms = found();
    assertFalse(norms.contains(node(first)));
    assertEquals(List.of(node(second)), norms.upTo(node(second)));
  }

  @Test
  void whatTheHostReadsIsComputedWhereItIs() {
    Value first = graph.output(AddSquaredNorm.of(zero, x));
    graph.output(AddSquaredNorm.of(first, y));
    assertFalse(found().contains(node(first)));
  }

  @Test
  void whatIsComputedBetweenThemEndsAChain() {
    Value first = AddSquaredNorm.of(zero, x);
    Value between = Add.of(y, y);
    Value second = AddSquaredNorm.of(first, between);
    Value third = AddSquaredNorm.of(second, y);
    Value fourth = graph.output(AddSquaredNorm.of(third, x));
    SquaredNorms norms = found();
    assertFalse(norms.contains(node(first)));
    assertTrue(norms.contains(node(third)));
    assertFalse(norms.upTo(node(fourth)).contains(node(first)));
  }

  /** TornadoVM never ends with a task that writes one array under two names. */
  @Test
  void sumDoesNotLieWhereWhatItIsAddedToDoes() {
    Value first = AddSquaredNorm.of(zero, x);
    Value between = Add.of(y, y);
    Value second = AddSquaredNorm.of(first, between);
    Value third = AddSquaredNorm.of(second, y);
    Value fourth = AddSquaredNorm.of(third, y);
    Value fifth = graph.output(AddSquaredNorm.of(fourth, x));
    BufferPlan plan = BufferPlan.of(graph);
    assertEquals(plan.bufferOf(first), plan.bufferOf(fifth));
    SquaredNorms norms = SquaredNorms.of(plan, graph.outputs());
    assertFalse(norms.contains(node(second)));
    assertEquals(List.of(node(third), node(fourth), node(fifth)), norms.upTo(node(fifth)));
  }
}
