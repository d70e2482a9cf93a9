package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.AddGroupBias;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.BroadcastRows;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.graph.op.ColumnNorms;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.Embedding;
import org.sigmoe.nn.graph.op.Fractions;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GaussianNoise;
import org.sigmoe.nn.graph.op.GroupSumRows;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.KeepLargest;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.LogSumExp;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.ProductKeyTable;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.Scale;
import org.sigmoe.nn.graph.op.ScatterColumns;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.graph.op.Sinkhorn;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.SumRows;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.nn.graph.op.WeightedGather;

/** Work of each op, counted by hand. */
class CostTest {

  /** An op on operands of these types, its FLOPs, and the elements that it reads and writes. */
  private record Count(Op op, List<TensorType> types, long flops, long read, long written) {
    @Override
    public String toString() {
      return op.name() + types;
    }
  }

  private static Count count(Op op, long flops, long read, long written, TensorType... types) {
    return new Count(op, List.of(types), flops, read, written);
  }

  private static TensorType f(int... sizes) {
    return TensorType.f32(sizes);
  }

  private static TensorType i(int... sizes) {
    return TensorType.i32(sizes);
  }

  static Stream<Count> counts() {
    return Stream.of(
        count(new Add(), 6, 12, 6, f(2, 3), f(2, 3)),
        count(new Activate(Activation.RELU, true, 0, 0), 18, 9, 6, f(2, 3), f(3)),
        count(new Activate.Gradient(Activation.RELU, 0), 6, 12, 6, f(2, 3), f(2, 3)),
        count(new AddDropout(false, 0, 0), 12, 12, 6, f(2, 3), f(2, 3)),
        count(new AddDropout(true, 0, 0), 18, 15, 6, f(2, 3), f(2, 3), f(3)),
        count(new Dropout(0, 0.5f, Dropout.Scaling.INVERTED), 6, 8, 6, f(2, 3), i(2)),
        count(new Activate.GeluGradient(true, 0, 0), 36, 15, 6, f(2, 3), f(2, 3), f(3)),
        count(new BroadcastRows(Shape.of(2, 3)), 0, 3, 6, f(3)),
        // Only the 4 elements at 4 indices are read.
        count(new GatherColumns(), 0, 8, 4, f(2, 3), i(2, 2)),
        count(new GaussianNoise(0, Shape.of(2, 3)), 24, 2, 6, i(2)),
        count(new LogMeanSoftmax(), 48, 6, 5, f(2, 3)),
        count(new LogMeanSoftmax.Gradient(), 54, 14, 6, f(3), f(2, 3), f(2), f(3)),
        count(new LogSumExp(), 24, 6, 2, f(2, 3)),
        count(new LogSumExp.Gradient(), 18, 10, 6, f(2), f(2, 3), f(2)),
        count(new Multiply(), 6, 12, 6, f(2, 3), f(2, 3)),
        count(new NegativeEntropy(), 9, 3, 1, f(3)),
        count(new NegativeEntropy.Gradient(), 12, 4, 3, f(1), f(3)),
        count(new Scale(2), 6, 6, 6, f(2, 3)),
        count(new ScatterColumns(5), 0, 8, 10, f(2, 2), i(2, 2)),
        count(new Sinkhorn(3, 1, Sinkhorn.Form.CORRECT), 156, 6, 6, f(2, 3)),
        count(new Softmax(1), 30, 6, 6, f(2, 3)),
        count(new Softmax.Gradient(1), 24, 12, 6, f(2, 3), f(2, 3)),
        count(new SumRows(), 6, 6, 3, f(2, 3)),
        count(new Route(3), 0, 6, 13, i(2, 3)),
        count(new AddGroupBias(), 12, 22, 12, f(6, 2), f(3, 2), i(4)),
        count(new GroupSumRows(), 12, 16, 6, f(6, 2), i(4)),
        count(new CapacityMask(1, Shape.of(2, 3)), 0, 10, 6, i(6), i(4)),
        count(new Fractions(), 3, 3, 3, i(3)),
        // N=3 K=2 D=4 E=5 G=2: 6*4*2 = 48 multiply-adds.
        count(new GatherMatMul(2, Transpose.NO), 96, 64, 12, f(3, 4), f(5, 4, 2), i(6), i(6)),
        count(
            new ScatterMatMul(2, Transpose.NO, true, Shape.of(3, 4)),
            96,
            70,
            12,
            f(6, 2),
            f(5, 2, 4),
            i(6),
            i(6),
            f(3, 2)),
        count(new ScatterMatMul.WeightGradient(), 36, 36, 18, f(6, 2), f(6, 2), f(3, 2), i(6)),
        count(
            new GroupedOuterProduct(2, 5, GroupedOuterProduct.Side.LEFT, true),
            96,
            42,
            40,
            f(3, 4),
            f(6, 2),
            i(6),
            i(6),
            f(3, 2)),
        count(new ColumnNorms(), 12, 6, 3, f(2, 3)),
        count(new KeepLargest(2, false), 12, 6, 6, f(2, 3)),
        count(new KeepLargest(2, true), 18, 9, 6, f(2, 3), f(3)),
        count(new KeepLargest.Gradient(), 6, 12, 6, f(2, 3), f(2, 3)),
        // N=3 H=2 A=5 B=7 P=4: 3*2*(5 + 7)*4 = 288 multiply-adds.
        count(new ProductKeyScores(), 576, 144, 72, f(3, 16), f(2, 5, 4), f(2, 7, 4)),
        count(
            new ProductKeyScores.Gradient(),
            1152,
            216,
            144,
            f(3, 16),
            f(2, 5, 4),
            f(2, 7, 4),
            f(3, 2, 5),
            f(3, 2, 7)),
        count(new ProductKeyTable(), 72 + 105, 72, 105, f(3, 2, 5), f(3, 2, 7)),
        count(new ProductKeyTable.Gradient(2, 5, 7), 210, 105, 72, f(3, 35)),
        // 12 scores and 4*4 sums of two for each of 3 rows.
        count(new ProductKeyTopK(4), 3 * (12 + 2 * 16), 36, 24, f(3, 5), f(3, 7)),
        count(new ProductKeyTopK.Gradient(5, 7), 24, 24, 36, f(3, 4), i(3, 4)),
        // 24 rows of 5 are read, not the table.
        count(new WeightedGather(2), 240, 24 + 24 + 120, 15, f(9, 5), i(3, 2, 4), f(3, 2, 4)),
        count(
            new WeightedGather.WeightGradient(2),
            240,
            15 + 24 + 120,
            24,
            f(3, 5),
            f(9, 5),
            i(3, 2, 4)),
        count(
            new WeightedGather.ValueGradient(8),
            240,
            120 + 24 + 24 + 10,
            45,
            f(3, 5),
            f(3, 2, 4),
            i(24),
            i(10)),
        count(new TopK(2), 6, 6, 4, f(2, 3)),
        count(new Mean(), 6, 6, 1, f(2, 3)),
        count(new Mean.Gradient(Shape.of(2, 3)), 1, 1, 6, f(1)),
        count(new AddSquaredNorm(), 12, 7, 1, f(1), f(2, 3)),
        count(new ClipFactor(1), 4, 1, 2, f(1)),
        count(new LayerNorm(0), 48, 12, 10, f(2, 3), f(3), f(3)),
        count(new LayerNorm.Gradient(), 84, 19, 12, f(2, 3), f(2, 3), f(3), f(2), f(2)),
        count(new CrossEntropy(), 40, 12, 4, f(2, 5), i(2)),
        count(new CrossEntropy.Gradient(), 40, 16, 10, f(2, 5), i(2), f(2), f(2)),
        // 8 rows of 3 and 8 tokens are read, not the table of 100 rows.
        count(new Embedding(), 0, 32, 24, f(100, 3), i(2, 4)),
        count(new Embedding.Gradient(100), 24, 32, 300, f(2, 4, 3), i(2, 4)),
        count(new Concat(), 0, 18, 18, f(2, 1, 3), f(2, 2, 3)),
        count(new Concat.Gradient(1), 0, 18, 18, f(2, 3, 3)),
        count(new ShiftMemory(), 0, 24, 24, f(2, 4, 3), f(2, 7, 3)),
        count(new Adam(0, 0, 0), 42, 12, 9, f(3), f(3), f(3), f(3), f(1), f(3)),
        // Two operations for each of 2*3*5*7 multiply-adds.
        count(new MatMul(Transpose.NO, Transpose.NO), 420, 65, 42, f(2, 3, 5), f(5, 7)),
        count(new MatMul(Transpose.NO, Transpose.YES), 420, 65, 42, f(2, 3, 5), f(7, 5)),
        count(new MatMul(Transpose.YES, Transpose.NO), 420, 72, 35, f(6, 5), f(6, 7)),
        // B=2 H=2 T=3 M=2: 3*2 + (1 + 2 + 3) = 12 visible pairs a head, 48 in all, P=4.
        count(
            new RelativeAttention(AttentionWindow.MEMORY),
            48 * (3 * 2 * 4 + 5),
            48 + 160 + 40 + 8 + 8 + 1 + 1,
            48 + 12,
            f(2, 3, 8),
            f(2, 5, 16),
            f(5, 8),
            f(2, 4),
            f(2, 4),
            f(1),
            i(1)),
        // In a sliding window each of the 3 queries sees M=2 keys and its own, 36 pairs in all.
        count(
            new RelativeAttention(AttentionWindow.SLIDING),
            36 * (3 * 2 * 4 + 5),
            48 + 160 + 40 + 8 + 8 + 1 + 1,
            48 + 12,
            f(2, 3, 8),
            f(2, 5, 16),
            f(5, 8),
            f(2, 4),
            f(2, 4),
            f(1),
            i(1)),
        count(
            new RelativeAttention.Gradient(AttentionWindow.MEMORY),
            48 * (8 * 2 * 4 + 8),
            48 + 160 + 40 + 8 + 8 + 1 + 1 + 48 + 12 + 48,
            48 + 160 + 40 + 8 + 8 + 1,
            f(2, 3, 8),
            f(2, 5, 16),
            f(5, 8),
            f(2, 4),
            f(2, 4),
            f(1),
            i(1),
            f(2, 3, 8),
            f(2, 2, 3),
            f(2, 3, 8)));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void isAsCountedByHand(Count count) {
    Graph graph = new Graph();
    Value[] operands = new Value[count.types().size()];
    for (int n = 0; n < operands.length; n++) {
      // What an op updates is a variable, what it only reads may be one.
      TensorType type = count.types().get(n);
      operands[n] = graph.read(new Variable("operand" + n, type));
    }
    Cost cost = graph.apply(count.op(), operands).cost();
    assertEquals(new Cost(count.flops(), 4 * count.read(), 4 * count.written()), cost);
  }

  @Test
  void everyOpIsCounted() {
    Set<Class<?>> counted = new HashSet<>();
    counts().forEach(count -> counted.add(count.op().getClass()));
    assertEquals(Set.of(Op.class.getPermittedSubclasses()), counted);
  }

  @Test
  void costsAdd() {
    Cost sum = new Cost(1, 2, 3).plus(new Cost(10, 20, 30)).plus(Cost.ZERO);
    assertEquals(new Cost(11, 22, 33), sum);
    assertTrue(Cost.ZERO.flops() == 0);
  }
}
