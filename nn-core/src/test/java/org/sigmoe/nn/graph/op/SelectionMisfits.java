package org.sigmoe.nn.graph.op;

import static org.sigmoe.nn.graph.op.Misfit.f;
import static org.sigmoe.nn.graph.op.Misfit.i;
import static org.sigmoe.nn.graph.op.Misfit.misfit;

import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;

/** Operands that do not fit the ops that select: experts, units and product keys. */
final class SelectionMisfits {
  private SelectionMisfits() {}

  static List<Misfit> all() {
    return Stream.of(routers(), routed(), groupedProducts(), largest(), productKeys(), gathered())
        .flatMap(List::stream)
        .toList();
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
        misfit(
            new GatherMatMul(1 << 30, Transpose.NO),
            "1073741824 slots for each of 3 rows of x are more than an index can count",
            tokens,
            narrowing,
            i(6),
            i(6)),
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
}
