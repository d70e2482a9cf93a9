package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ShiftMemory;

/** How long a value stays in its place. */
final class ReadersTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 4));
  private final Value first = MatMul.linear(x, x);
  private final Value second = MatMul.linear(first, x);
  private final Value third = MatMul.linear(second, x);
  private final Value fourth = graph.output(MatMul.linear(third, x));
  private final BufferPlan plan = BufferPlan.of(graph);
  private final Readers readers = new Readers(plan.order(), graph.outputs());

  private static Node node(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  @Test
  void aResultStaysUntilAnotherTakesItsPlace() {
    assertEquals(plan.bufferOf(first), plan.bufferOf(third));
    assertTrue(readers.stays(first, node(first), node(second), plan));
    assertFalse(readers.stays(first, node(first), node(third), plan));
    assertFalse(readers.stays(first, node(second), node(fourth), plan));
  }

  @Test
  void anInputStays() {
    assertTrue(readers.stays(x, node(first), node(fourth), plan));
  }

  @Test
  void aVariableStaysUntilItIsUpdated() {
    Graph updating = new Graph();
    Value memory = updating.read(new Variable("memory", TensorType.f32(1, 4, 4)));
    Value input = updating.input("input", TensorType.f32(1, 4, 4));
    Value read = MatMul.linear(memory, updating.input("w", TensorType.f32(4, 4)));
    Value later = updating.output(MatMul.linear(read, updating.input("v", TensorType.f32(4, 4))));
    ShiftMemory.of(memory, input);
    BufferPlan itsPlan = BufferPlan.of(updating);
    Readers itsReaders = new Readers(itsPlan.order(), updating.outputs());
    assertFalse(itsReaders.stays(memory, node(read), node(later), itsPlan));
  }
}
