package org.sigmoe.nn.graph.op;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * A primitive op: what an engine must be able to compute. The set is closed, so that an engine's
 * switch over it is complete or does not compile.
 */
public sealed interface Op
    permits Activate,
        Activate.GeluGradient,
        Activate.Gradient,
        Adam,
        Add,
        AddDropout,
        AddGroupBias,
        AddSquaredNorm,
        BroadcastRows,
        CapacityMask,
        ClipFactor,
        ColumnNorms,
        Concat,
        Concat.Gradient,
        CrossEntropy,
        CrossEntropy.Gradient,
        Dropout,
        Embedding,
        Embedding.Gradient,
        Fractions,
        GatherColumns,
        GatherMatMul,
        GaussianNoise,
        GroupedOuterProduct,
        GroupSumRows,
        KeepLargest,
        KeepLargest.Gradient,
        LayerNorm,
        LayerNorm.Gradient,
        LogMeanSoftmax,
        LogMeanSoftmax.Gradient,
        LogSumExp,
        LogSumExp.Gradient,
        MatMul,
        Mean,
        Mean.Gradient,
        Multiply,
        NegativeEntropy,
        NegativeEntropy.Gradient,
        ProductKeyScores,
        ProductKeyScores.Gradient,
        ProductKeyTable,
        ProductKeyTable.Gradient,
        ProductKeyTopK,
        ProductKeyTopK.Gradient,
        RelativeAttention,
        RelativeAttention.Gradient,
        Route,
        Scale,
        ScatterColumns,
        ScatterMatMul,
        ScatterMatMul.WeightGradient,
        ShiftMemory,
        Sinkhorn,
        Softmax,
        Softmax.Gradient,
        SumRows,
        TopK,
        WeightedGather,
        WeightedGather.ValueGradient,
        WeightedGather.WeightGradient {

  /** Name for messages, for example {@code LayerNorm}. */
  default String name() {
    Class<?> type = getClass();
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : outer.getSimpleName() + type.getSimpleName();
  }

  /** Names of the operands in order, for messages. */
  List<String> operandNames();

  /**
   * Types of the results.
   *
   * @throws org.sigmoe.nn.graph.ShapeException if the operands do not fit
   */
  List<TensorType> infer(Operands operands);

  /**
   * Appends what computes the gradient for each operand.
   *
   * @param node the application of this op to differentiate
   * @param results gradient for each result; null where the loss does not depend on it
   * @return gradient for each operand, null where there is none (integers, or by definition)
   * @throws IllegalStateException if the op has no gradient: gradients and updates are not
   *     differentiated again
   */
  default List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    throw new IllegalStateException(node + " has no gradient");
  }

  /** Work of one run. */
  Cost cost(Node node);

  /** Operands that are variables which the op updates in place. */
  default Set<Integer> updates() {
    return Set.of();
  }

  /**
   * Operands whose buffer result 0 may take over if nothing reads them afterwards: element i of the
   * result depends on no element of that operand but i, or is written after all are read.
   */
  default Set<Integer> inPlace() {
    return Set.of();
  }

  /**
   * The gradient for the first result of an op whose other results, kept for its gradient, are not
   * differentiable themselves.
   *
   * @throws IllegalStateException if the loss depends on one of those
   */
  static Value sole(Node node, List<@Nullable Value> results) {
    for (int i = 1; i < results.size(); i++) {
      if (results.get(i) != null) {
        throw new IllegalStateException(
            node + ": no gradient passes through " + node.result(i) + ", only through result 0");
      }
    }
    return Objects.requireNonNull(results.getFirst(), "gradient of the first result");
  }
}
