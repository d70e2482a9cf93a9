package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.testing.TrainingStep;

class ScheduleTest {
  private static final int RANDOM_GRAPHS = 300;

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(1, 2, 3));

  private Value memory(String name) {
    return graph.read(new Variable(name, TensorType.f32(1, 2, 3)));
  }

  private static Node producer(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  private static Value relu(Value value) {
    return Activate.of(Activation.RELU, value, null, null);
  }

  @Test
  void nodesThatNothingNeedsAreLeftOut() {
    Value needed = relu(x);
    Value dead = relu(needed);
    relu(dead);
    graph.output(needed);
    assertEquals(List.of(producer(needed)), Schedule.of(graph));
  }

  @Test
  void withoutUpdatesTheOrderIsThatOfAppending() {
    Value a = relu(x);
    Value b = Add.of(a, x);
    Value c = Add.of(b, a);
    graph.output(c);
    graph.output(a);
    assertEquals(graph.nodes(), Schedule.of(graph));
  }

  @Test
  void anUpdateKeepsWhatItNeedsAlive() {
    ShiftMemory.of(memory("memory"), relu(x));
    assertEquals(graph.nodes(), Schedule.of(graph));
  }

  @Test
  void anUpdateRunsAsSoonAsItsOperandsAreMade() {
    Value memory = memory("memory");
    Value early = relu(x);
    Value late = relu(early);
    graph.output(late);
    ShiftMemory.of(memory, early);
    Node update = graph.nodes().getLast();
    assertEquals(List.of(producer(early), update, producer(late)), Schedule.of(graph));
  }

  @Test
  void anUpdateRunsAfterTheLastReaderOfTheOldContents() {
    Value memory = memory("memory");
    Value first = Add.of(x, memory);
    ShiftMemory.of(memory, x);
    Node update = graph.nodes().getLast();
    Value last = Add.of(first, memory);
    Value after = relu(last);
    graph.output(after);
    assertEquals(
        List.of(producer(first), producer(last), update, producer(after)), Schedule.of(graph));
  }

  /** Both orders of appending: what is read is what the variable held before the run. */
  @Test
  void anUpdateThatReadsAVariableRunsBeforeTheOneThatChangesIt() {
    Value a = memory("a");
    Value b = memory("b");
    ShiftMemory.of(a, x);
    Node changesA = graph.nodes().getLast();
    ShiftMemory.of(b, a);
    Node readsA = graph.nodes().getLast();
    assertEquals(List.of(readsA, changesA), Schedule.of(graph));

    Graph other = new Graph();
    Value y = other.input("y", TensorType.f32(1, 2, 3));
    Value c = other.read(new Variable("c", TensorType.f32(1, 2, 3)));
    Value d = other.read(new Variable("d", TensorType.f32(1, 2, 3)));
    Value late = other.output(relu(relu(y)));
    ShiftMemory.of(d, c);
    Node readsC = other.nodes().getLast();
    ShiftMemory.of(c, y);
    Node changesC = other.nodes().getLast();
    List<Node> order = Schedule.of(other);
    assertTrue(order.indexOf(readsC) < order.indexOf(changesC), order.toString());
    assertEquals(producer(late), order.getLast());
  }

  @Test
  void updatesThatReadEachOtherAreRefused() {
    Value a = memory("a");
    Value b = memory("b");
    ShiftMemory.of(a, b);
    ShiftMemory.of(b, a);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> Schedule.of(graph));
    assertTrue(thrown.getMessage().contains("ShiftMemory"), thrown.getMessage());
  }

  @Test
  void everyScheduleIsValid() {
    int valid = 0;
    for (int seed = 0; seed < RANDOM_GRAPHS; seed++) {
      Graph random = RandomGraph.of(seed);
      List<Node> order;
      try {
        order = Schedule.of(random);
      } catch (IllegalStateException e) {
        // Memories that take each other's contents.
        continue;
      }
      assertValid(random, order);
      valid++;
    }
    assertTrue(valid > RANDOM_GRAPHS / 2, "only " + valid + " graphs have a schedule");
  }

  @Test
  void theScheduleOfATrainingStepIsValid() {
    Graph step = new TrainingStep(2, Activation.RELU).graph();
    assertValid(step, Schedule.of(step));
  }

  private static void assertValid(Graph graph, List<Node> order) {
    Set<Node> done = new HashSet<>();
    Set<Value> changed = new HashSet<>();
    List<Node> pure = new ArrayList<>();
    for (Node node : order) {
      for (int i = 0; i < node.operands().size(); i++) {
        Value operand = node.operand(i);
        if (operand.origin() instanceof Value.Result(Node producer, int _)) {
          assertTrue(done.contains(producer), node + " runs before " + producer);
        }
        assertTrue(!changed.contains(operand), node + " reads " + operand + " after its update");
      }
      node.op().updates().forEach(index -> changed.add(node.operand(index)));
      assertTrue(done.add(node), node + " runs twice");
      if (node.op().updates().isEmpty()) {
        pure.add(node);
      }
    }
    assertEquals(graph.nodes().stream().filter(pure::contains).toList(), pure);
    for (Value output : graph.outputs()) {
      assertTrue(done.contains(producer(output)), output + " is not computed");
    }
    for (Node node : graph.nodes()) {
      assertTrue(node.op().updates().isEmpty() || done.contains(node), node + " does not run");
    }
  }
}
