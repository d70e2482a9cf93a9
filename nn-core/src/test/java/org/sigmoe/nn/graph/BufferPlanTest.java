package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.testing.TrainingStep;

class BufferPlanTest {
  private static final int RANDOM_GRAPHS = 300;

  private final Graph graph = new Graph();

  private static Value relu(Value value) {
    return Activate.of(Activation.RELU, value, null, null);
  }

  private static Node producer(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  @Test
  void aChainRunsInPlace() {
    Value x = graph.input("x", TensorType.f32(7));
    Value y = x;
    for (int i = 0; i < 5; i++) {
      y = Add.of(relu(y), x);
    }
    graph.output(y);
    BufferPlan plan = BufferPlan.of(graph);
    assertEquals(List.of(new BufferPlan.Buffer(DType.F32, 7)), plan.buffers());
    assertEquals(28, plan.bytes());
    assertEquals(-1, plan.bufferOf(x));
    assertEquals(0, plan.bufferOf(y));
  }

  @Test
  void anOperandThatIsReadLaterIsNotOverwritten() {
    Value first = relu(graph.input("x", TensorType.f32(7)));
    Value second = relu(first);
    graph.output(Add.of(first, second));
    BufferPlan plan = BufferPlan.of(graph);
    assertNotEquals(plan.bufferOf(first), plan.bufferOf(second));
    assertEquals(2, plan.buffers().size());
  }

  @Test
  void anOutputIsNotOverwritten() {
    Value first = graph.output(relu(graph.input("x", TensorType.f32(7))));
    Value second = graph.output(relu(first));
    BufferPlan plan = BufferPlan.of(graph);
    assertNotEquals(plan.bufferOf(first), plan.bufferOf(second));
  }

  @Test
  void aValueAddedToItselfDoesNotRunInPlace() {
    Value first = relu(graph.input("x", TensorType.f32(7)));
    Value sum = graph.output(Add.of(first, first));
    BufferPlan plan = BufferPlan.of(graph);
    assertNotEquals(plan.bufferOf(first), plan.bufferOf(sum));
  }

  @Test
  void productsDoNotRunInPlace() {
    Value x = relu(graph.input("x", TensorType.f32(4, 4)));
    Value y = graph.output(MatMul.linear(x, graph.input("w", TensorType.f32(4, 4))));
    BufferPlan plan = BufferPlan.of(graph);
    assertNotEquals(plan.bufferOf(x), plan.bufferOf(y));
  }

  @Test
  void aFreeBufferServesASmallerResult() {
    Value x = graph.input("x", TensorType.f32(10, 4));
    Value w = graph.input("w", TensorType.f32(2, 4));
    Value u = graph.input("u", TensorType.f32(3, 2));
    // 40 elements, then 20, then 30 when the 40 are free again.
    Value a = relu(x);
    Value b = MatMul.linear(a, w);
    Value c = graph.output(MatMul.linear(b, u));
    BufferPlan plan = BufferPlan.of(graph);
    assertEquals(plan.bufferOf(a), plan.bufferOf(c));
    assertEquals(4 * (40 + 20), plan.bytes());
    assertTrue(plan.bufferOf(b) >= 0);
  }

  @Test
  void resultsThatNothingReadsHaveTheirBufferToo() {
    Value x = graph.input("x", TensorType.f32(5, 4));
    Value gain = graph.input("gain", TensorType.f32(4));
    Node norm = producer(graph.output(LayerNorm.of(x, gain, gain, 0)));
    BufferPlan plan = BufferPlan.of(graph);
    List<Integer> buffers = norm.results().stream().map(plan::bufferOf).distinct().toList();
    assertEquals(3, buffers.size(), "mean and rstd must not overwrite y or each other");
  }

  @Test
  void partsLieInTheirWhole() {
    Value x = graph.input("x", TensorType.f32(2, 5, 4));
    Value whole = relu(x);
    Node split = graph.apply(new Concat.Gradient(2), whole);
    Value part = split.result(0);
    Value other = relu(relu(split.result(1)));
    Value y = graph.output(relu(part));
    graph.output(other);
    BufferPlan.Places places =
        new BufferPlan.Places() {
          @Override
          public @Nullable Value whole(Value result) {
            return result.equals(part) ? whole : null;
          }

          @Override
          public long elements(Value result) {
            return result.equals(whole) ? 48 : result.shape().elements();
          }
        };
    BufferPlan plan = BufferPlan.of(graph, (_, _) -> true, places);
    int place = plan.bufferOf(whole);
    assertEquals(place, plan.bufferOf(part));
    assertEquals(48, plan.buffers().get(place).elements());
    assertNotEquals(place, plan.bufferOf(other), "as long as the part is read");
    assertNotEquals(place, plan.bufferOf(y), "not in place, where other parts lie");
  }

  @Test
  void whatIsReadElsewhereFreesItsBuffer() {
    Value x = graph.input("x", TensorType.f32(5, 4));
    Value w = graph.input("w", TensorType.f32(3, 4));
    Value first = MatMul.linear(x, w);
    Value second = MatMul.linear(x, w);
    Node sum = producer(graph.output(Add.of(first, second)));
    BufferPlan inPlace = BufferPlan.of(graph);
    assertNotEquals(inPlace.bufferOf(first), inPlace.bufferOf(second));
    BufferPlan elsewhere =
        BufferPlan.of(graph, (node, operand) -> !node.equals(sum) || operand > 0);
    assertEquals(elsewhere.bufferOf(first), elsewhere.bufferOf(second));
  }

  @Test
  void deadResultsAreNotPlanned() {
    Value x = graph.input("x", TensorType.f32(7));
    Value dead = relu(x);
    graph.output(Add.of(x, x));
    assertEquals(-1, BufferPlan.of(graph).bufferOf(dead));
  }

  @Test
  void activationBytesAreWhatTheBackwardPassReads() {
    // x [5,4] w [3,4]: h = x w^T, y = relu(h) in place, loss = mean(y). Backward reads y and h is
    // gone; the gradient for w reads x, an input.
    Value x = graph.input("x", TensorType.f32(5, 4));
    Value w = graph.input("w", TensorType.f32(3, 4));
    Value y = relu(MatMul.linear(x, w));
    Value loss = graph.output(Mean.of(y));
    graph.output(Gradients.of(loss, List.of(w)).getFirst());
    assertEquals(4 * (15 + 1), BufferPlan.of(graph).activationBytes(), "y and the loss");
  }

  @Test
  void withoutBackwardPassOnlyOutputsAreActivations() {
    Value x = graph.input("x", TensorType.f32(5, 4));
    Value w = graph.input("w", TensorType.f32(3, 4));
    graph.output(Mean.of(relu(MatMul.linear(x, w))));
    assertEquals(4, BufferPlan.of(graph).activationBytes());
  }

  @Test
  void noLiveResultIsOverwrittenInRandomGraphs() {
    int inPlace = 0;
    int planned = 0;
    for (int seed = 0; seed < RANDOM_GRAPHS; seed++) {
      Graph random = RandomGraph.of(seed);
      BufferPlan plan;
      try {
        plan = BufferPlan.of(random);
      } catch (IllegalStateException e) {
        // Memories that take each other's contents have no schedule.
        continue;
      }
      planned++;
      inPlace += assertNothingIsOverwritten(random, plan);
    }
    assertTrue(planned > RANDOM_GRAPHS / 2, planned + " graphs were planned");
    assertTrue(inPlace > planned, inPlace + " nodes ran in place");
  }

  @Test
  void noLiveResultIsOverwrittenInATrainingStep() {
    Graph step = new TrainingStep(4, Activation.RELU).graph();
    BufferPlan plan = BufferPlan.of(step);
    assertTrue(assertNothingIsOverwritten(step, plan) > 10);
    long sum =
        plan.order().stream()
            .flatMap(node -> node.results().stream())
            .mapToLong(value -> value.type().bytes())
            .sum();
    assertTrue(plan.bytes() < 0.6 * sum, plan.bytes() + " bytes of " + sum);
    assertTrue(plan.activationBytes() < plan.bytes());
  }

  @Test
  void thePlanHoldsForTheOrderOfTheSchedule() {
    Graph step = new TrainingStep(1, Activation.RELU).graph();
    assertEquals(Schedule.of(step), BufferPlan.of(step).order());
  }

  /**
   * Follows what lies in each buffer from node to node and returns how many nodes ran in place. An
   * operand must still lie where its producer left it.
   */
  private static int assertNothingIsOverwritten(Graph graph, BufferPlan plan) {
    Map<Integer, Value> contents = new HashMap<>();
    int inPlace = 0;
    for (Node node : plan.order()) {
      for (Value operand : node.operands()) {
        if (operand.origin() instanceof Value.Result) {
          assertSame(operand, contents.get(plan.bufferOf(operand)), "read by " + node);
        }
      }
      List<Integer> written = new ArrayList<>();
      for (Value result : node.results()) {
        int buffer = plan.bufferOf(result);
        assertFits(plan.buffers().get(buffer), result);
        assertTrue(!written.contains(buffer), node + " writes two results to one buffer");
        written.add(buffer);
        inPlace += allowedTakeOver(plan, node, result) ? 1 : 0;
        contents.put(buffer, result);
      }
    }
    for (Value output : graph.outputs()) {
      assertSame(output, contents.get(plan.bufferOf(output)), "output");
    }
    return inPlace;
  }

  private static void assertFits(BufferPlan.Buffer buffer, Value result) {
    assertEquals(buffer.dtype(), result.type().dtype());
    assertTrue(result.shape().elements() <= buffer.elements(), result + " in " + buffer);
  }

  /** Whether a result lies in the buffer of an operand, which the op must then allow. */
  private static boolean allowedTakeOver(BufferPlan plan, Node node, Value result) {
    boolean taken = false;
    for (int i = 0; i < node.operands().size(); i++) {
      if (plan.bufferOf(node.operand(i)) == plan.bufferOf(result)) {
        assertTrue(
            result == node.result(0) && node.op().inPlace().contains(i),
            node + " writes " + result + " over its operand " + node.operand(i));
        taken = true;
      }
    }
    return taken;
  }
}
