package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.AddGroupBias;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
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
import org.sigmoe.nn.graph.op.WeightedGather;

/** The tasks of each op. */
public final class NodeTasks {
  private NodeTasks() {}

  /** Appends the tasks of {@code node}; none if those of another node compute it. */
  public static void add(Node node, Lowering to) {
    if (to.fusedAdditions().contains(node)
        || to.sparseGradients().contains(node)
        || to.fusedBiases().contains(node)
        || to.squaredNorms().contains(node)
        || to.rowPlaces().contains(node)
        || to.fusedActivations().contains(node)
        || to.roundedUses().isJoined(node)) {
      return;
    }
    switch (node.op()) {
      case Activate op -> ActivationTasks.activate(op, node, to);
      case Activate.GeluGradient op -> ActivationTasks.geluGradient(op, node, to);
      case Activate.Gradient op -> ActivationTasks.gradient(op, node, to);
      case Adam op -> AdamTasks.adam(op, node, to);
      case Add _ -> AddTasks.add(node, to);
      case AddDropout op -> AddTasks.addDropout(op, node, to);
      case AddGroupBias _ -> GroupRowTasks.addBias(node, to);
      case AddSquaredNorm _ -> ReductionTasks.addSquaredNorm(node, to);
      case BroadcastRows _ -> ElementTasks.broadcastRows(node, to);
      case CapacityMask op -> RouteTasks.capacityMask(op, node, to);
      case ClipFactor op -> AdamTasks.clipFactor(op, node, to);
      case ColumnNorms _ -> ReductionTasks.columnNorms(node, to);
      case Concat _ -> MemoryTasks.concat(node, to);
      case Concat.Gradient _ -> MemoryTasks.split(node, to);
      case CrossEntropy _ -> CrossEntropyTasks.crossEntropy(node, to);
      case CrossEntropy.Gradient _ -> CrossEntropyTasks.gradient(node, to);
      case Dropout op -> ActivationTasks.dropout(op, node, to);
      case Embedding _ -> EmbeddingTasks.embedding(node, to);
      case Embedding.Gradient op -> EmbeddingTasks.gradient(op, node, to);
      case Fractions _ -> RouteTasks.fractions(node, to);
      case GatherColumns _ -> ColumnTasks.gather(node, to);
      case GatherMatMul op when GroupedMmaTasks.apply(to) -> GroupedMmaTasks.gather(op, node, to);
      case GatherMatMul op -> GroupedMatMulTasks.gather(op, node, to);
      case GaussianNoise op -> ElementTasks.gaussianNoise(op, node, to);
      case GroupedOuterProduct op when GroupedMmaTasks.apply(to) ->
          GroupedMmaTasks.outerProduct(op, node, to);
      case GroupedOuterProduct op -> GroupedMatMulTasks.outerProduct(op, node, to);
      case GroupSumRows _ -> GroupRowTasks.sumRows(node, to);
      case KeepLargest op -> SelectionTasks.keepLargest(op, node, to);
      case KeepLargest.Gradient _ -> SelectionTasks.keepLargestGradient(node, to);
      case LayerNorm op -> LayerNormTasks.layerNorm(op, node, to);
      case LayerNorm.Gradient _ -> LayerNormTasks.gradient(node, to);
      case LogMeanSoftmax _ -> BalanceTasks.logMeanSoftmax(node, to);
      case LogMeanSoftmax.Gradient _ -> BalanceTasks.logMeanSoftmaxGradient(node, to);
      case LogSumExp _ -> SoftmaxTasks.logSumExp(node, to);
      case LogSumExp.Gradient _ -> SoftmaxTasks.logSumExpGradient(node, to);
      case MatMul op -> MatMulTasks.matMul(op, node, to);
      case Mean _ -> ReductionTasks.mean(node, to);
      case Mean.Gradient _ -> ReductionTasks.meanGradient(node, to);
      case Multiply _ -> ElementTasks.multiply(node, to);
      case NegativeEntropy _ -> BalanceTasks.negativeEntropy(node, to);
      case NegativeEntropy.Gradient _ -> BalanceTasks.negativeEntropyGradient(node, to);
      case ProductKeyScores _ -> ProductKeyScoreTasks.scores(node, to);
      case ProductKeyScores.Gradient _ -> ProductKeyScoreTasks.gradient(node, to);
      case ProductKeyTable _ -> ProductKeyPairTasks.table(node, to);
      case ProductKeyTable.Gradient _ -> ProductKeyPairTasks.tableGradient(node, to);
      case ProductKeyTopK op -> ProductKeyPairTasks.topK(op, node, to);
      case ProductKeyTopK.Gradient op -> ProductKeyPairTasks.topKGradient(op, node, to);
      case RelativeAttention _ -> RelativeAttentionTasks.forward(node, to);
      case RelativeAttention.Gradient _ -> RelativeAttentionTasks.gradient(node, to);
      case Route op -> RouteTasks.route(op, node, to);
      case Scale op -> ElementTasks.scale(op, node, to);
      case ScatterColumns _ -> ColumnTasks.scatter(node, to);
      case ScatterMatMul op when GroupedMmaTasks.apply(to) -> GroupedMmaTasks.scatter(op, node, to);
      case ScatterMatMul op -> GroupedMatMulTasks.scatter(op, node, to);
      case ScatterMatMul.WeightGradient _ -> GroupRowTasks.weightGradient(node, to);
      case ShiftMemory _ -> MemoryTasks.shiftMemory(node, to);
      case Sinkhorn op -> SinkhornTasks.sinkhorn(op, node, to);
      case Softmax op -> SoftmaxTasks.softmax(op, node, to);
      case Softmax.Gradient op -> SoftmaxTasks.softmaxGradient(op, node, to);
      case SumRows _ -> ReductionTasks.sumRows(node, to);
      case TopK op -> SelectionTasks.topK(op, node, to);
      case WeightedGather _ -> WeightedGatherTasks.forward(node, to);
      case WeightedGather.ValueGradient op -> WeightedGatherTasks.valueGradient(op, node, to);
      case WeightedGather.WeightGradient _ -> WeightedGatherTasks.weightGradient(node, to);
    }
  }
}
