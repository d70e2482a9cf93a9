package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.TopK;

/** Which activations are applied where columns are chosen. */
final class FusedActivationsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 5));
  private final Value w = graph.input("w", TensorType.f32(6, 5));
  private final Value logits = MatMul.linear(x, w);
  private final Value scores = Activate.of(Activation.SIGMOID, logits, null, null);
  private final Value experts = TopK.of(scores, 2);
  private final Value weights = graph.output(GatherColumns.of(scores, experts));

  private Value entropy() {
    return graph.output(NegativeEntropy.of(LogMeanSoftmax.of(logits)));
  }

  private void differentiate(Value... losses) {
    Map<Value, Value> seeds = new HashMap<>();
    for (Value loss : losses) {
      seeds.put(loss, graph.input("d" + seeds.size(), loss.type()));
    }
    Gradients.of(seeds, List.of(x, w)).forEach(graph::output);
  }

  private FusedActivations found() {
    BufferPlan plan = BufferPlan.of(graph);
    return FusedActivations.of(plan, graph.outputs(), SparseGradients.of(plan, graph.outputs()));
  }

  private static Node node(Value value) {
    return ((Value.Result) value.origin()).node();
  }

  private void assertFused() {
    assertEquals(new FusedActivations.Source(logits, Activation.SIGMOID), found().of(scores));
    assertTrue(found().contains(node(scores)));
  }

  private void assertComputed() {
    assertEquals(new FusedActivations.Source(scores, Activation.IDENTITY), found().of(scores));
    assertFalse(found().contains(node(scores)));
    assertTrue(found().reads(node(experts), 0));
  }

  @Test
  void chosenColumnsAreActivatedInPlace() {
    assertFused();
    assertTrue(found().reads(node(experts), 0), "the place in which the logits lie");
  }

  @Test
  void logitsThatAreKeptAreReadInsteadOfScores() {
    entropy();
    assertFused();
    assertFalse(found().reads(node(experts), 0));
    assertFalse(found().reads(node(weights), 0));
    assertTrue(found().reads(node(weights), 1), "the indices");
  }

  @Test
  void gradientOfRouterReadsTheLogits() {
    differentiate(weights, entropy());
    assertFused();
    BufferPlan before = BufferPlan.of(graph);
    BufferPlan after = BufferPlan.of(graph, found());
    assertEquals(before.activationBytes() - scores.type().bytes(), after.activationBytes());
    assertEquals(after.bufferOf(logits), after.bufferOf(gradientOfLogits()), "until the end");
  }

  private Value gradientOfLogits() {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof LogMeanSoftmax.Gradient)
        .findFirst()
        .orElseThrow()
        .result(0);
  }

  @Test
  void gradientThatReadsScoresNeedsThem() {
    differentiate(weights);
    assertComputed();
  }

  @Test
  void scoresThatOthersReadAreComputed() {
    graph.output(Activate.of(Activation.EXP, scores, null, null));
    assertComputed();
  }

  @Test
  void scoresThatTheHostReadsAreComputed() {
    graph.output(scores);
    assertComputed();
  }

  @Test
  void logitsThatMayBeGoneAreNotRead() {
    graph.output(Activate.of(Activation.EXP, logits, null, null));
    assertComputed();
  }
}
