package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /** An op, operands of these types, and what the message must say beside them. */
  private record Misfit(Op op, String why, List<TensorType> types) {
    @Override
    public String toString() {
      return op.name() + types + ": " + why;
    }
  }

  private static Misfit misfit(Op op, String why, TensorType... types) {
    return new Misfit(op, why, List.of(types));
  }

  private static TensorType f(int... sizes) {
    return TensorType.f32(sizes);
  }

  private static TensorType i(int... sizes) {
    return TensorType.i32(sizes);
  }

  static Stream<Misfit> misfits() {
    return Stream.of(
            elementWise(),
            reductions(),
            rows(),
            products(),
            updates(),
            attention(),
            routers(),
            routed(),
            groupedProducts(),
            largest(),
            productKeys(),
            gathered())
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

  private static List<Misfit> routers() {
    Sinkhorn halves = new Sinkhorn(3, 2, Sinkhorn.Form.CORRECT);
    Activate.GeluGradient gelu = new Activate.GeluGradient(true, 0, 0.1f);
    return List.of(
        misfit(new TopK(4), "selects 4 of the 3 scores of a row", f(2, 3)),
        misfit(new GatherColumns(), "indices must be i32[2,4]", f(2, 3), i(3, 4)),
        misfit(new GatherColumns(), "indices must be i32", f(2, 3), f(2, 2)),
        misfit(new ScatterColumns(5), "indices must be i32[2,3]", f(2, 3), i(2, 2)),
        misfit(new ScatterColumns(2), "scatters 3 elements of a row into only 2", f(2, 3), i(2, 3)),
        misfit(new Multiply(), "b must be f32[2,3]", f(2, 3), f(3)),
        misfit(new Scale(2), "x must be f32", i(2, 3)),
        misfit(new BroadcastRows(Shape.of(2, 3)), "x must be f32[3]", f(2)),
        misfit(new Softmax(2), "x must have at least 2 dimensions", f(3)),
        misfit(new Softmax.Gradient(1), "y must be f32[2,3]", f(2, 3), f(3)),
        misfit(new LogMeanSoftmax(), "logits must be f32", i(2, 3)),
        misfit(new LogMeanSoftmax.Gradient(), "lse must be f32[2]", f(3), f(2, 3), f(3), f(3)),
        misfit(new NegativeEntropy(), "logp must have 1 dimensions", f(2, 3)),
        misfit(new NegativeEntropy.Gradient(), "dy must be f32[1]", f(3), f(3)),
        misfit(new LogSumExp(), "x must be f32", i(2, 3)),
        misfit(new LogSumExp.Gradient(), "y must be f32[2]", f(2), f(2, 3), f(3)),
        misfit(halves, "cannot cut 3 rows into 2 equal groups", f(3, 4)),
        misfit(new GaussianNoise(0, Shape.of(3)), "key must be i32[2]", f(2)),
        misfit(gelu, "bias must be f32[3]", f(2, 3), f(2, 3), f(2), i(2)),
        misfit(gelu, "key must be i32[2]", f(2, 3), f(2, 3), f(3), i(3)));
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

  private static List<Misfit> routed() {
    // S=6 E=3 G=2
    return List.of(
        misfit(new Route(3), "indices must be i32", f(2, 3)),
        misfit(new Route(3), "takes 1 operands, got 2", i(6), i(4)),
        misfit(new AddGroupBias(), "bias must be f32[3,2]", f(6, 2), f(3, 4), i(4)),
        misfit(new AddGroupBias(), "offsets must be i32[4]", f(6, 2), f(3, 2), i(3)),
        misfit(new GroupSumRows(), "x must have 2 dimensions", f(2, 3, 2), i(4)),
        misfit(new GroupSumRows(), "one element more than there are groups", f(6, 2), i(1)),
        misfit(new CapacityMask(1, Shape.of(2, 3)), "one element for each of [2,3]", i(5), i(4)),
        misfit(new CapacityMask(1, Shape.of(6)), "offsets must be i32", i(6), f(4)),
        misfit(new CapacityMask(1, Shape.of(6)), "one element more than there are", i(6), i(1)),
        misfit(new Fractions(), "counts must be i32", f(3)),
        misfit(new Fractions(), "counts must have 1 dimensions", i(3, 1)));
  }

  private static List<Misfit> groupedProducts() {
    // N=3 K=2 S=6 D=4 E=5 G=2
    TensorType tokens = f(3, 4);
    TensorType sorted = f(6, 2);
    TensorType narrowing = f(5, 4, 2);
    TensorType widening = f(5, 2, 4);
    Op gather = new GatherMatMul(2, Transpose.NO);
    Op gatherTransposed = new GatherMatMul(2, Transpose.YES);
    Op scatter = new ScatterMatMul(2, Transpose.NO, false, Shape.of(3, 4));
    Op weighted = new ScatterMatMul(2, Transpose.NO, true, Shape.of(3, 4));
    Op outer = new GroupedOuterProduct(2, 5, GroupedOuterProduct.Side.LEFT, true);
    Op split = new ScatterMatMul.WeightGradient();
    return List.of(
        misfit(gather, "differ, 4 of x and 2 of m", tokens, widening, i(6), i(6)),
        misfit(gatherTransposed, "differ, 4 of x and 2 of m", tokens, narrowing, i(6), i(6)),
        misfit(gather, "m must have 3 dimensions", tokens, f(4, 2), i(6), i(6)),
        misfit(gather, "order must be i32[6]", tokens, narrowing, i(3), i(6)),
        misfit(gather, "offsets must be i32[6]", tokens, narrowing, i(6), i(5)),
        misfit(scatter, "differ, 2 of a and 4 of m", sorted, narrowing, i(6), i(6)),
        misfit(scatter, "m gives 5 columns", sorted, f(5, 2, 5), i(6), i(6)),
        misfit(scatter, "a must have 2 rows for each of the 3", f(3, 2), widening, i(6), i(6)),
        misfit(scatter, "takes 4 operands", sorted, widening, i(6), i(6), f(3, 2)),
        misfit(scatter, "offsets must be i32[6]", sorted, widening, i(6), i(7)),
        misfit(weighted, "weights must be f32[3,2]", sorted, widening, i(6), i(6), f(6)),
        misfit(outer, "z must have 2 rows for each of the 3", tokens, f(5, 2), i(5), i(6), f(3, 2)),
        misfit(outer, "offsets must be i32[6]", tokens, sorted, i(6), i(5), f(3, 2)),
        misfit(outer, "weights must be f32[3,2]", tokens, sorted, i(6), i(6), f(2, 3)),
        misfit(split, "a must be f32[6,2]", sorted, f(6, 3), f(3, 2), i(6)),
        misfit(split, "one weight for each row of u", sorted, sorted, f(3), i(6)),
        misfit(split, "order must be i32[6]", sorted, sorted, f(3, 2), i(5)));
  }

  private static List<Misfit> largest() {
    return List.of(
        misfit(new ColumnNorms(), "x must have 2 dimensions", f(2, 3, 4)),
        misfit(new KeepLargest(2, false), "x must be f32", i(2, 3)),
        misfit(new KeepLargest(2, true), "scale must be f32[3]", f(2, 3), f(2)),
        misfit(new KeepLargest.Gradient(), "y must be f32[2,3]", f(2, 3), f(6)));
  }

  private static List<Misfit> productKeys() {
    // N=3 H=2 A=5 B=7 P=4
    TensorType query = f(3, 16);
    TensorType keysA = f(2, 5, 4);
    TensorType keysB = f(2, 7, 4);
    return List.of(
        misfit(
            new ProductKeyScores(),
            "keysA and keysB may differ in the second dimension only",
            query,
            keysA,
            f(1, 7, 4)),
        misfit(
            new ProductKeyScores(),
            "query must have 2 * 4 columns, or as many for each of 2 heads",
            f(3, 12),
            keysA,
            keysB),
        misfit(
            new ProductKeyScores.Gradient(),
            "db must be f32[3,2,7]",
            query,
            keysA,
            keysB,
            f(3, 2, 5),
            f(3, 2, 5)),
        misfit(
            new ProductKeyTable(),
            "a and b may differ in the last dimension only",
            f(3, 2, 5),
            f(3, 1, 7)),
        misfit(new ProductKeyTable(), "b must have at least 3 dimensions", f(3, 2, 5), f(3, 7)),
        misfit(new ProductKeyTable.Gradient(2, 5, 7), "dy must have 5 * 7 columns", f(3, 12)),
        misfit(
            new ProductKeyTopK(4),
            "a and b may differ in the last dimension only",
            f(3, 2, 5),
            f(2, 3, 7)),
        misfit(new ProductKeyTopK(36), "36 of 35 pairs cannot be chosen", f(3, 5), f(3, 7)),
        misfit(
            new ProductKeyTopK(1),
            "2500000000 pairs are more than an index can tell apart",
            f(50_000),
            f(50_000)),
        misfit(new ProductKeyTopK.Gradient(5, 7), "indices must be i32[3,4]", f(3, 4), i(3, 5)));
  }

  private static List<Misfit> gathered() {
    // N=3 H=2 k=4 V=9 D=5
    return List.of(
        misfit(new WeightedGather(2), "weights must be f32[3,2,4]", f(9, 5), i(3, 2, 4), f(3, 8)),
        misfit(
            new WeightedGather(2),
            "indices must have at least 3 dimensions",
            f(9, 5),
            i(2, 4),
            f(2, 4)),
        misfit(
            new WeightedGather.WeightGradient(2),
            "dy must be f32[3,5]",
            f(3, 6),
            f(9, 5),
            i(3, 2, 4)),
        misfit(
            new WeightedGather.ValueGradient(8),
            "weights must have 8 elements for each of 3 rows of dy",
            f(3, 5),
            f(3, 2, 5),
            i(24),
            i(10)),
        misfit(
            new WeightedGather.ValueGradient(8),
            "order must be i32[24]",
            f(3, 5),
            f(3, 2, 4),
            i(12),
            i(10)));
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
