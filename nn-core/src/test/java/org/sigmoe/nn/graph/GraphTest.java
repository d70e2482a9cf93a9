package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.graph.op.ShiftMemory;

class GraphTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(1, 2, 3));
  private final Variable memory = new Variable("memory", TensorType.f32(1, 4, 3));

  @Test
  void valuesAreNumberedFromZero() {
    Value y = Add.of(x, x);
    assertEquals(List.of(x, y), graph.values());
    assertEquals(List.of(0, 1), graph.values().stream().map(Value::id).toList());
  }

  @Test
  void resultsAreNamedByScopeAndOp() {
    try (Graph.Scope _ = graph.scope("layers");
        Graph.Scope _ = graph.scope("1")) {
      assertEquals("layers.1/Add#0", Add.of(x, x).name());
    }
    Value scalar = graph.input("scalar", TensorType.f32(1));
    Node clip = ClipFactor.of(scalar, 1);
    assertEquals("ClipFactor#1", clip.result(0).name());
    assertEquals("ClipFactor#1.1", clip.result(1).name());
    assertEquals("Add in layers.1", graph.nodes().getFirst().toString());
  }

  @Test
  void phasesEndWithTheirScope() {
    try (Graph.Scope _ = graph.phase(Node.Phase.UPDATE)) {
      Add.of(x, x);
    }
    Add.of(x, x);
    assertEquals(
        List.of(Node.Phase.UPDATE, Node.Phase.FORWARD),
        graph.nodes().stream().map(Node::phase).toList());
  }

  @Test
  void aVariableIsOneValue() {
    assertSame(graph.read(memory), graph.read(memory));
    assertEquals(List.of(memory), graph.variables());
  }

  @Test
  void readingAnUpdatedVariableIsRefused() {
    ShiftMemory.of(graph.read(memory), x);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> graph.read(memory));
    assertTrue(thrown.getMessage().contains("memory f32[1,4,3]"), thrown.getMessage());
  }

  @Test
  void aSecondUpdateIsRefused() {
    Value held = graph.read(memory);
    ShiftMemory.of(held, x);
    assertThrows(IllegalStateException.class, () -> ShiftMemory.of(held, x));
  }

  @Test
  void onlyVariablesAreUpdated() {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> ShiftMemory.of(x, x));
    assertTrue(thrown.getMessage().contains("not a variable"), thrown.getMessage());
  }

  @Test
  void anUpdateFromTheVariableItselfIsRefused() {
    Value held = graph.read(memory);
    assertThrows(IllegalArgumentException.class, () -> ShiftMemory.of(held, held));
  }

  @Test
  void operandsOfAnotherGraphAreRefused() {
    Value foreign = new Graph().input("foreign", TensorType.f32(1, 2, 3));
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> Add.of(x, foreign));
    assertTrue(thrown.getMessage().contains("foreign"), thrown.getMessage());
  }

  @Test
  void variablesAndValuesOfOtherGraphsAreNoOutputs() {
    assertThrows(IllegalArgumentException.class, () -> graph.output(graph.read(memory)));
    Value foreign = new Graph().input("foreign", TensorType.f32(1));
    assertThrows(IllegalArgumentException.class, () -> graph.output(Add.of(foreign, foreign)));
  }

  @Test
  void anOutputIsMarkedOnce() {
    Value y = Add.of(x, x);
    assertSame(y, graph.output(y));
    graph.output(y);
    assertEquals(List.of(y), graph.outputs());
  }
}
