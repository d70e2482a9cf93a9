package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sigmoe.nn.graph.op.Misfit.f;
import static org.sigmoe.nn.graph.op.Misfit.i;
import static org.sigmoe.nn.graph.op.Misfit.misfit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.ShapeException;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Operands that do not fit are found when the graph is built, and the message says all about it.
 */
class ShapeErrorsTest {

  static Stream<Misfit> misfits() {
    return Stream.of(
            elementWise(),
            reductions(),
            rows(),
            products(),
            updates(),
            attention(),
            SelectionMisfits.all())
        .flatMap(List::stream);
  }

  private static List<Misfit> elementWise() {
    return List.of(
        misfit(new Add(), "b must be f32[2,3]", f(2, 3), f(3, 2)),
        misfit(new Add(), "a must be f32", i(2), f(2)),
        misfit(new Add(), "b must be f32[2]", f(2), i(2)),
        misfit(new Add(), "takes 2 operands, got 1", f(2)),
        misfit(new Activate(Activation.RELU, true, 0, 0), "bias must be f32[3]", f(2, 3), f(2)),
        misfit(new Activate(Activation.RELU, false, 0, 0.1f), "key must be i32[2]", f(2, 3), i(3)),
        misfit(
            new Activate(Activation.IDENTITY, true, 0, 0.1f),
            "key must be i32[2]",
            f(2, 3),
            f(3),
            f(2)),
        misfit(new Activate(Activation.RELU, false, 0, 0), "takes 1 operands, got 2", f(3), f(3)),
        misfit(new Activate.Gradient(Activation.RELU, 0), "y must be f32[2,3]", f(2, 3), f(6)),
        misfit(new AddDropout(false, 0, 0), "residual must be f32[2,3]", f(3, 2), f(2, 3)),
        misfit(new AddDropout(true, 0, 0), "bias must be f32[3]", f(2, 3), f(2, 3), f(2, 3)),
        misfit(new AddDropout(false, 0, 0.5f), "key must be i32[2]", f(2), f(2), i(1)),
        misfit(new Dropout(0, 0.5f, Dropout.Scaling.INVERTED), "key must be i32[2]", f(2), f(2)),
        misfit(new Dropout(0, 0.5f, Dropout.Scaling.INVERTED), "x must be f32", i(2), i(2)));
  }

  private static List<Misfit> reductions() {
    return List.of(
        misfit(new SumRows(), "x must be f32", i(2, 3)),
        misfit(new Mean(), "x must be f32", i(2, 3)),
        misfit(new Mean.Gradient(Shape.of(2, 3)), "dy must be f32[1]", f(2, 3)),
        misfit(new AddSquaredNorm(), "total must be f32[1]", f(2), f(2)),
        misfit(new AddSquaredNorm(), "x must be f32", f(1), i(2)),
        misfit(new ClipFactor(1), "squaredNorm must be f32[1]", f(2)));
  }

  private static List<Misfit> rows() {
    return List.of(
        misfit(new LayerNorm(1e-5f), "gain must be f32[3]", f(2, 3), f(2), f(3)),
        misfit(new LayerNorm(1e-5f), "bias must be f32[3]", f(2, 3), f(3), f(1, 3)),
        misfit(new LayerNorm.Gradient(), "x must be f32[2,4]", f(2, 4), f(2, 3), f(3), f(2), f(2)),
        misfit(new LayerNorm.Gradient(), "rstd must be f32[2]", f(2, 3), f(2, 3), f(3), f(2), f(3)),
        misfit(new CrossEntropy(), "targets must be i32[2]", f(2, 5), i(2, 5)),
        misfit(new CrossEntropy(), "targets must be i32[2]", f(2, 5), f(2)),
        misfit(new CrossEntropy(), "logits must have at least 2 dimensions", f(5), i(1)),
        misfit(new CrossEntropy.Gradient(), "lse must be f32[2]", f(2, 5), i(2), f(5), f(2)),
        misfit(new CrossEntropy.Gradient(), "dnll must be f32[2]", f(2, 5), i(2), f(2), f(1)),
        misfit(new Embedding(), "table must have 2 dimensions", f(5, 3, 1), i(2, 4)),
        misfit(new Embedding(), "tokens must be i32", f(5, 3), f(2, 4)),
        misfit(new Embedding(), "tokens must have 2 dimensions", f(5, 3), i(2)),
        misfit(new Embedding.Gradient(5), "tokens must be i32[2,4]", f(2, 4, 3), i(4, 2)),
        misfit(
            new Concat(),
            "a and b may differ in the second dimension only",
            f(2, 1, 3),
            f(1, 1, 3)),
        misfit(
            new Concat(),
            "a and b may differ in the second dimension only",
            f(2, 1, 3),
            f(2, 1, 4)),
        misfit(new Concat(), "b must have 3 dimensions", f(2, 1, 3), f(2, 3)),
        misfit(new Concat.Gradient(4), "second dimension must be above 4", f(2, 4, 3)));
  }

  private static List<Misfit> products() {
    List<Misfit> misfits = new ArrayList<>();
    misfits.add(
        misfit(
            new MatMul(Transpose.NO, Transpose.NO),
            "inner sizes differ, 3 of a and 2 of b",
            f(2, 3),
            f(2, 3)));
    misfits.add(
        misfit(
            new MatMul(Transpose.NO, Transpose.YES),
            "inner sizes differ, 3 of a and 4 of b transposed",
            f(7, 2, 3),
            f(3, 4)));
    misfits.add(
        misfit(
            new MatMul(Transpose.YES, Transpose.NO),
            "inner sizes differ, 14 of a transposed and 3 of b",
            f(7, 2, 3),
            f(3, 4)));
    misfits.add(
        misfit(
            new MatMul(Transpose.NO, Transpose.NO),
            "a must have at least 2 dimensions",
            f(3),
            f(3, 4)));
    misfits.add(misfit(new MatMul(Transpose.NO, Transpose.NO), "b must be f32", f(2, 3), i(3, 4)));
    return misfits;
  }

  private static List<Misfit> updates() {
    return List.of(
        misfit(
            new ShiftMemory(),
            "memory and x may differ in the second dimension only",
            f(2, 4, 3),
            f(2, 4, 5)),
        misfit(new ShiftMemory(), "x must have 3 dimensions", f(2, 4, 3), f(2, 3)),
        misfit(
            new Adam(0.9f, 0.99f, 1e-8f),
            "mean must be f32[3]",
            f(3),
            f(2),
            f(3),
            f(3),
            f(1),
            f(3)),
        misfit(
            new Adam(0.9f, 0.99f, 1e-8f),
            "gradient must be f32[3]",
            f(3),
            f(3),
            f(3),
            f(1, 3),
            f(1),
            f(3)),
        misfit(
            new Adam(0.9f, 0.99f, 1e-8f),
            "schedule must be f32[3]",
            f(3),
            f(3),
            f(3),
            f(3),
            f(1),
            f(4)));
  }

  private static List<Misfit> attention() {
    // B=2 T=3 S=5 H=2 P=4
    TensorType q = f(2, 3, 8);
    TensorType kv = f(2, 5, 16);
    TensorType r = f(5, 8);
    TensorType u = f(2, 4);
    RelativeAttention op = new RelativeAttention(AttentionWindow.MEMORY);
    return List.of(
        misfit(op, "q must have H*P = 8 columns", f(2, 3, 9), kv, r, u, u, f(1), i(1)),
        misfit(op, "kv must be f32[2,5,16]", q, f(2, 5, 8), r, u, u, f(1), i(1)),
        misfit(op, "kv must be f32[2,5,16]", q, f(1, 5, 16), r, u, u, f(1), i(1)),
        misfit(op, "as many keys as queries", q, f(2, 2, 16), f(2, 8), u, u, f(1), i(1)),
        misfit(op, "r must be f32[5,8]", q, kv, f(3, 8), u, u, f(1), i(1)),
        misfit(op, "v must be f32[2,4]", q, kv, r, u, f(4, 2), f(1), i(1)),
        misfit(op, "scale must be f32[1]", q, kv, r, u, u, f(2), i(1)),
        misfit(op, "length must be i32[1]", q, kv, r, u, u, f(1), i(2)),
        misfit(op, "takes 7 operands, got 6", q, kv, r, u, u, f(1)),
        misfit(
            new RelativeAttention.Gradient(AttentionWindow.MEMORY),
            "lse must be f32[2,2,3]",
            q,
            kv,
            r,
            u,
            u,
            f(1),
            i(1),
            q,
            f(2, 3, 2),
            q));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void messageNamesOpPlaceReasonAndOperands(Misfit misfit) {
    Graph graph = new Graph();
    Value[] operands = new Value[misfit.types().size()];
    for (int n = 0; n < operands.length; n++) {
      operands[n] = graph.input("input" + n, misfit.types().get(n));
    }
    ShapeException thrown;
    try (Graph.Scope _ = graph.scope("layers");
        Graph.Scope _ = graph.scope("3")) {
      thrown = assertThrows(ShapeException.class, () -> graph.apply(misfit.op(), operands));
    }
    String message = thrown.getMessage();
    assertTrue(message.startsWith(misfit.op().name() + " in layers.3: "), message);
    assertTrue(message.contains(misfit.why()), message);
    List<String> names = misfit.op().operandNames();
    for (int n = 0; n < operands.length; n++) {
      String operand = "input" + n + " " + misfit.types().get(n);
      String expected = n < names.size() ? names.get(n) + " = " + operand : operand;
      assertTrue(message.contains(expected), message);
    }
    assertTrue(graph.nodes().isEmpty(), "nothing is appended");
  }

  @Test
  void everyOpIsAmongThem() {
    Set<Class<?>> tested = new HashSet<>();
    misfits().forEach(misfit -> tested.add(misfit.op().getClass()));
    assertEquals(Set.of(Op.class.getPermittedSubclasses()), tested);
  }
}
