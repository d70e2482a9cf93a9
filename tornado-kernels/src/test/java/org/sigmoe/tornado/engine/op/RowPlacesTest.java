package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.device.Backend;

/** Which gradients of joined rows are not split. */
final class RowPlacesTest {
  private static final int COLUMNS = 12;

  private final Graph graph = new Graph();
  private final Value gain = graph.input("gain", TensorType.f32(COLUMNS));
  private final Value memory = graph.input("memory", TensorType.f32(2, 5, COLUMNS));
  private final Value x = graph.input("x", TensorType.f32(2, 3, COLUMNS));
  private final Value normed = norm(x);

  private Value norm(Value rows) {
    return LayerNorm.of(rows, gain, gain, 1e-5f);
  }

  private Value projected(String name, Value rows) {
    return MatMul.linear(rows, graph.input(name, TensorType.f32(7, COLUMNS)));
  }

  private void differentiate(Value first, Value second) {
    Value loss = graph.output(Add.of(Mean.of(first), Mean.of(second)));
    graph.output(Gradients.of(loss, List.of(gain)).getFirst());
  }

  private RowPlaces joined() {
    return RowPlaces.of(
        Schedule.of(graph), graph.outputs(), RoundedUses.of(Schedule.of(graph), graph.outputs()));
  }

  private Node split() {
    return Schedule.of(graph).stream()
        .filter(node -> node.op() instanceof Concat.Gradient)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void layerNormFindsThemInTheWhole() {
    Value q = projected("q", normed);
    Value kv = projected("kv", Concat.of(norm(memory), normed));
    differentiate(q, kv);
    RowPlaces joined = joined();
    Node split = split();
    assertTrue(joined.contains(split));
    Value whole = split.operand(0);
    assertEquals(new RowPlaces.Rows(16, 8, 8, 0), joined.rows(whole));
    assertEquals(new RowPlaces.Rows(16, 5, 8, 0), joined.rows(split.result(0)));
    assertEquals(new RowPlaces.Rows(16, 3, 8, 5), joined.rows(split.result(1)));
    assertSame(whole, joined.whole(split.result(0)));
    assertEquals(2 * 8 * 16, joined.elements(whole));
  }

  @Test
  void productIsAddedInTheWhole() {
    Value q = projected("q", normed);
    Value kv = projected("kv", Concat.of(norm(memory), normed));
    differentiate(q, kv);
    RowPlaces joined = joined();
    BufferPlan plan = BufferPlan.of(graph, (_, _) -> true, joined);
    Value part = split().result(1);
    Node sum =
        plan.order().stream()
            .filter(node -> node.operands().contains(part))
            .findFirst()
            .orElseThrow();
    assertEquals(joined.rows(part), joined.rows(sum.result(0)));
    FusedAdditions additions =
        FusedAdditions.of(plan, graph.outputs(), Backend.CUDA, Precision.BF16);
    Node product = ((Value.Result) sum.operand(1).origin()).node();
    FusedAdditions.Addition addition = additions.ofSummand(product);
    assertNotNull(addition);
    assertSame(part, addition.addend());
  }

  @Test
  void productThatComesFirstNeedsTheSplit() {
    Value kv = projected("kv", Concat.of(norm(memory), normed));
    Value q = projected("q", normed);
    differentiate(q, kv);
    assertFalse(joined().contains(split()));
  }

  @Test
  void whatTheHostReadsIsSplit() {
    Value q = projected("q", normed);
    Value kv = projected("kv", Concat.of(norm(memory), normed));
    differentiate(q, kv);
    graph.output(split().result(0));
    RowPlaces joined = joined();
    assertFalse(joined.contains(split()));
    assertNull(joined.whole(split().result(1)));
  }

  @Test
  void whatOthersReadIsSplit() {
    Value q = projected("q", normed);
    Value kv = projected("kv", Concat.of(memory, normed));
    differentiate(q, kv);
    graph.output(Mean.of(split().result(0)));
    assertFalse(joined().contains(split()));
  }

  @Test
  void productThatAnActivationRoundsHasRoom() {
    Value product = projected("up", normed);
    Value units = Activate.of(Activation.RELU, product, null, null);
    graph.output(MatMul.linear(units, graph.input("down", TensorType.f32(COLUMNS, 7))));
    RowPlaces places = joined();
    assertTrue(places.isPlaced(product));
    assertEquals(8, places.rows(product).pitch());
    assertEquals(2 * 3 * 8, places.elements(product));
  }

  @Test
  void productThatAnActivationKeepsInF32HasNoRoom() {
    Value product = projected("up", normed);
    graph.output(Activate.of(Activation.RELU, product, null, null));
    assertFalse(joined().isPlaced(product));
  }

  /** Of two heads of 9 columns, over rows of layer norm. */
  private Value queries() {
    return MatMul.linear(normed, graph.input("wq", TensorType.f32(18, COLUMNS)));
  }

  private void attend(Value q) {
    attend(q, graph.input("kv", TensorType.f32(2, 8, 36)));
  }

  private void attend(Value q, Value kv) {
    Value y =
        RelativeAttention.of(
            AttentionWindow.MEMORY,
            q,
            kv,
            graph.input("r", TensorType.f32(8, 18)),
            graph.input("u", TensorType.f32(2, 9)),
            graph.input("v", TensorType.f32(2, 9)),
            graph.input("scale", TensorType.f32(1)),
            graph.input("length", TensorType.i32(1)));
    Value out = MatMul.linear(y, graph.input("merge", TensorType.f32(COLUMNS, 18)));
    graph.output(Gradients.of(graph.output(Mean.of(out)), List.of(gain)).getFirst());
  }

  private Value gradientForResults() {
    return Schedule.of(graph).stream()
        .filter(node -> node.op() instanceof RelativeAttention.Gradient)
        .findFirst()
        .orElseThrow()
        .operand(9);
  }

  @Test
  void queriesAndTheGradientForAttentionsResultsHaveRoom() {
    Value q = queries();
    attend(q);
    RowPlaces places = joined();
    assertEquals(24, places.rows(q).pitch());
    assertEquals(24, places.rows(gradientForResults()).pitch());
    assertEquals(2 * 3 * 24, places.elements(q));
  }

  /** Of the same heads, over rows of layer norm and of memory. */
  private Value keysAndValues() {
    Value joined = Concat.of(norm(memory), normed);
    return MatMul.linear(joined, graph.input("wkv", TensorType.f32(36, COLUMNS)));
  }

  @Test
  void keysAndValuesHaveRoom() {
    Value kv = keysAndValues();
    attend(queries(), kv);
    assertEquals(40, joined().rows(kv).pitch());
    assertEquals(2 * 8 * 40, joined().elements(kv));
  }

  @Test
  void keysAndValuesHaveNoRoomWhereOthersReadThem() {
    Value kv = keysAndValues();
    attend(queries(), kv);
    graph.output(Mean.of(kv));
    assertFalse(joined().isPlaced(kv));
  }

  @Test
  void neitherHasRoomWhereOthersReadQueries() {
    Value q = queries();
    attend(q);
    graph.output(Mean.of(q));
    RowPlaces places = joined();
    assertFalse(places.isPlaced(q));
    assertFalse(places.isPlaced(gradientForResults()));
  }
}
