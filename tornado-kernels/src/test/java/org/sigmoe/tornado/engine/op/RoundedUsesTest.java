package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.SumRows;

/** What is read rounded, by a block of experts above all. */
final class RoundedUsesTest {

  private static RoundedUses uses(ExpertBlock block) {
    return RoundedUses.of(block.schedule(), block.graph.outputs());
  }

  @Test
  void hiddenUnitsAndTheirGradientExistOnlyRounded() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    RoundedUses uses = uses(block);
    Node relu = block.first(Activate.Gradient.class);
    assertTrue(uses.onlyRounded(block.hidden));
    assertTrue(uses.onlyRounded(relu.result(0)));
    assertSame(relu, uses.joined(block.first(ScatterMatMul.WeightGradient.class)));
    assertTrue(uses.isJoined(relu));
    assertFalse(uses.reads(relu, 0), "the gradient that is never written");
    assertFalse(uses.reads(block.first(ScatterMatMul.class), 0), "hidden units in f32");
  }

  @Test
  void gradientOfSlotsWeightsReadsTheProductRounded() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    RoundedUses uses = uses(block);
    Node weightGradient = block.first(ScatterMatMul.WeightGradient.class);
    assertTrue(uses.onlyRounded(weightGradient.operand(0)));
    assertFalse(uses.reads(weightGradient, 0), "the product in f32");
  }

  @Test
  void gradientOfSlotsWeightsReadsWhatTheHostReads() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node weightGradient = block.first(ScatterMatMul.WeightGradient.class);
    block.graph.output(weightGradient.operand(0));
    RoundedUses uses = uses(block);
    assertFalse(uses.onlyRounded(weightGradient.operand(0)));
    assertNull(uses.joined(weightGradient));
    assertTrue(uses.reads(weightGradient, 0));
  }

  @Test
  void productAppliesReluThatAloneReadsIt() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    RoundedUses uses = uses(block);
    Node relu = block.first(Activate.class);
    assertSame(relu, uses.joined(block.first(GatherMatMul.class)));
    assertTrue(uses.isJoined(relu));
    assertFalse(uses.reads(relu, 0), "the product, which is never written");
  }

  @Test
  void productThatTheHostReadsIsWritten() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node relu = block.first(Activate.class);
    block.graph.output(relu.operand(0));
    RoundedUses uses = uses(block);
    assertNull(uses.joined(block.first(GatherMatMul.class)));
    assertTrue(uses.reads(relu, 0));
  }

  @Test
  void hiddenUnitsAreNotKeptInF32() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    long kept = BufferPlan.of(block.graph, uses(block)).activationBytes();
    long hidden = block.hidden.type().bytes();
    assertEquals(BufferPlan.of(block.graph).activationBytes() - hidden, kept);
  }

  @Test
  void whatTheHostReadsIsWrittenInF32() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    block.graph.output(block.hidden);
    RoundedUses uses = uses(block);
    assertFalse(uses.onlyRounded(block.hidden));
    assertTrue(uses.reads(block.first(ScatterMatMul.class), 0), "to make the copy");
  }

  @Test
  void gradientThatTheHostReadsIsComputedApart() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    Node weightGradient = block.first(ScatterMatMul.WeightGradient.class);
    block.graph.output(weightGradient.result(0));
    RoundedUses uses = uses(block);
    assertNull(uses.joined(weightGradient));
    assertTrue(uses.reads(block.first(Activate.Gradient.class), 0));
  }

  @Test
  void otherActivationsKeepTheirF32() {
    ExpertBlock block = new ExpertBlock(Activation.SIGMOID);
    RoundedUses uses = uses(block);
    assertFalse(uses.onlyRounded(block.hidden));
    assertNull(uses.joined(block.first(ScatterMatMul.WeightGradient.class)));
    assertNull(uses.joined(block.first(GatherMatMul.class)));
    assertTrue(uses.reads(block.first(Activate.Gradient.class), 1));
  }

  @Test
  void f32IsReadOnceForEachForm() {
    ExpertBlock block = new ExpertBlock(Activation.RELU);
    RoundedUses uses = uses(block);
    assertTrue(uses.reads(block.first(GatherMatMul.class), 0), "x, rounded for the first time");
    Node lastReader =
        block.schedule().stream()
            .filter(node -> node.op() instanceof GroupedOuterProduct)
            .filter(node -> node.operand(0) == block.x)
            .findFirst()
            .orElseThrow();
    assertFalse(uses.reads(lastReader, 0), "x, of which there is a copy");
  }

  @Test
  void layerNormWritesWhereItsRowsAreJoined() {
    Graph graph = new Graph();
    Value gain = graph.input("gain", TensorType.f32(12));
    Value w = graph.input("w", TensorType.f32(7, 12));
    Value memory = LayerNorm.of(graph.input("memory", TensorType.f32(2, 5, 12)), gain, gain, 1);
    Value x = LayerNorm.of(graph.input("x", TensorType.f32(2, 3, 12)), gain, gain, 1);
    graph.output(MatMul.linear(x, w));
    Value whole = Concat.of(memory, x);
    graph.output(MatMul.linear(whole, w));
    RoundedUses uses = RoundedUses.of(Schedule.of(graph), graph.outputs());
    assertEquals(new RoundedUses.Part(whole, 0), uses.part(memory));
    assertEquals(new RoundedUses.Part(whole, 5), uses.part(x));
    assertTrue(uses.onlyRounded(memory));
    assertFalse(uses.isCopied(memory));
    assertTrue(uses.isCopied(x), "for the product of its own");
    Node concat = ((Value.Result) whole.origin()).node();
    assertFalse(uses.reads(concat, 0));
    assertFalse(uses.reads(concat, 1));
  }

  @Test
  void whatIsReadInF32IsRoundedWhenItIsJoined() {
    Graph graph = new Graph();
    Value gain = graph.input("gain", TensorType.f32(12));
    Value memory = graph.input("memory", TensorType.f32(2, 5, 12));
    Value x = LayerNorm.of(graph.input("x", TensorType.f32(2, 3, 12)), gain, gain, 1);
    graph.output(x);
    Value whole = Concat.of(memory, x);
    graph.output(MatMul.linear(whole, graph.input("w", TensorType.f32(7, 12))));
    RoundedUses uses = RoundedUses.of(Schedule.of(graph), graph.outputs());
    assertNull(uses.part(memory), "no layer norm writes it");
    assertNull(uses.part(x));
    assertFalse(uses.onlyRounded(x));
    Node concat = ((Value.Result) whole.origin()).node();
    assertTrue(uses.reads(concat, 0));
    assertTrue(uses.reads(concat, 1));
  }

  @Test
  void gradientOfAttentionFindsKeysAndValuesKept() {
    Graph graph = new Graph();
    Value kv = graph.input("kv", TensorType.f32(2, 8, 2 * 3 * 5));
    Value q = graph.input("q", TensorType.f32(2, 3, 3 * 5));
    graph.output(Gradients.of(loss(q, kv, 3, 5), List.of(q)).getFirst());
    Node gradient = only(graph, RelativeAttention.Gradient.class);
    int operand = gradient.operands().indexOf(kv);
    assertFalse(RoundedUses.of(Schedule.of(graph), graph.outputs()).reads(gradient, operand));
    assertTrue(RoundedUses.none().reads(gradient, operand));
  }

  /** Four adjacent columns would be of more than two heads. */
  @Test
  void gradientsOfAttentionAreRoundedUnlessHeadsAreTiny() {
    assertTrue(roundsGradientForQueries(4));
    assertFalse(roundsGradientForQueries(3));
  }

  private static boolean roundsGradientForQueries(int size) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 3, 6));
    Value w = graph.input("w", TensorType.f32(2 * size, 6));
    Value kv = graph.input("kv", TensorType.f32(2, 8, 2 * 2 * size));
    Value loss = loss(MatMul.linear(x, w), kv, 2, size);
    Gradients.of(loss, List.of(x, w)).forEach(graph::output);
    Node gradient = only(graph, RelativeAttention.Gradient.class);
    return RoundedUses.of(Schedule.of(graph), graph.outputs()).onlyRounded(gradient.result(0));
  }

  /** The mean of what queries find among keys and values. */
  private static Value loss(Value q, Value kv, int heads, int size) {
    Graph graph = q.graph();
    Value bias = graph.input("bias", TensorType.f32(heads, size));
    Value y =
        RelativeAttention.of(
            AttentionWindow.MEMORY,
            q,
            kv,
            graph.input("r", TensorType.f32(8, heads * size)),
            bias,
            bias,
            graph.input("scale", TensorType.f32(1)),
            graph.input("length", TensorType.i32(1)));
    return graph.output(Mean.of(y));
  }

  /** Two layers with biases, and a loss. */
  private static Graph denseBlock(Activation activation) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(4, 6));
    Value w1 = graph.input("w1", TensorType.f32(11, 6));
    Value b1 = graph.input("b1", TensorType.f32(11));
    Value w2 = graph.input("w2", TensorType.f32(6, 11));
    Value units = Activate.of(activation, MatMul.linear(x, w1), b1, null);
    Value loss = graph.output(Mean.of(MatMul.linear(units, w2)));
    Gradients.of(loss, List.of(x, w1, b1, w2)).forEach(graph::output);
    return graph;
  }

  private static Node only(Graph graph, Class<?> op) {
    List<Node> found =
        Schedule.of(graph).stream().filter(node -> op.isInstance(node.op())).toList();
    assertEquals(1, found.size());
    return found.getFirst();
  }

  @Test
  void gradientOfReluIsRoundedBetweenProducts() {
    Graph graph = denseBlock(Activation.RELU);
    RoundedUses uses = RoundedUses.of(Schedule.of(graph), graph.outputs());
    Node relu = only(graph, Activate.Gradient.class);
    Node bias = only(graph, SumRows.class);
    assertTrue(uses.onlyRounded(relu.operand(0)), "the product with W2");
    assertTrue(uses.onlyRounded(relu.result(0)));
    assertTrue(uses.onlyRounded(only(graph, Activate.class).result(0)), "hidden units");
    assertFalse(uses.reads(relu, 0));
    assertFalse(uses.reads(bias, 0));
    assertFalse(
        uses.onlyRounded(only(graph, Activate.class).operand(0)),
        "what ReLU decides by, which a bias is added to");
  }

  @Test
  void productThatTheHostReadsIsNotRounded() {
    Graph graph = denseBlock(Activation.RELU);
    Node relu = only(graph, Activate.Gradient.class);
    graph.output(relu.operand(0));
    RoundedUses uses = RoundedUses.of(Schedule.of(graph), graph.outputs());
    assertFalse(uses.onlyRounded(relu.operand(0)));
    assertTrue(uses.reads(relu, 0));
    assertTrue(uses.onlyRounded(relu.result(0)));
  }

  @Test
  void gradientOfABiasOfOtherActivationsIsSummedInF32() {
    Graph graph = denseBlock(Activation.SIGMOID);
    RoundedUses uses = RoundedUses.of(Schedule.of(graph), graph.outputs());
    Node bias = only(graph, SumRows.class);
    assertTrue(uses.reads(bias, 0));
    assertFalse(uses.onlyRounded(bias.operand(0)));
  }
}
