package org.sigmoe.nn.engine.reference;

import java.util.List;
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
import org.sigmoe.nn.graph.op.WeightedGather;

/** From an op to the class that computes it. */
final class Dispatch {
  private Dispatch() {}

  /**
   * Computes one op.
   *
   * @param operands in the order of {@link Op#operandNames}; those that the op updates are changed
   * @return the results, in order
   */
  static List<Tensor> run(Op op, List<Tensor> operands) {
    return switch (op) {
      case Activate activate -> ActivateReference.forward(activate, operands);
      case Activate.GeluGradient activate -> ActivateReference.geluGradient(activate, operands);
      case Activate.Gradient activate -> ActivateReference.gradient(activate, operands);
      case Adam adam -> AdamReference.update(adam, operands);
      case Add _ -> AddReference.forward(operands);
      case AddDropout addDropout -> AddDropoutReference.forward(addDropout, operands);
      case AddGroupBias _ -> AddGroupBiasReference.forward(operands);
      case AddSquaredNorm _ -> AddSquaredNormReference.forward(operands);
      case BroadcastRows broadcast -> BroadcastRowsReference.forward(broadcast, operands);
      case CapacityMask mask -> CapacityMaskReference.forward(mask, operands);
      case ClipFactor clip -> ClipFactorReference.forward(clip, operands);
      case ColumnNorms _ -> ColumnNormsReference.forward(operands);
      case Concat _ -> ConcatReference.forward(operands);
      case Concat.Gradient concat -> ConcatReference.gradient(concat, operands);
      case CrossEntropy _ -> CrossEntropyReference.forward(operands);
      case CrossEntropy.Gradient _ -> CrossEntropyReference.gradient(operands);
      case Dropout dropout -> DropoutReference.forward(dropout, operands);
      case Embedding _ -> EmbeddingReference.forward(operands);
      case Embedding.Gradient embedding -> EmbeddingReference.gradient(embedding, operands);
      case Fractions _ -> FractionsReference.forward(operands);
      case GatherColumns _ -> ColumnsReference.gather(operands);
      case GatherMatMul product -> GatherMatMulReference.forward(product, operands);
      case GaussianNoise noise -> GaussianNoiseReference.forward(noise, operands);
      case GroupedOuterProduct product -> GroupedOuterProductReference.forward(product, operands);
      case GroupSumRows _ -> GroupSumRowsReference.forward(operands);
      case KeepLargest keep -> KeepLargestReference.forward(keep, operands);
      case KeepLargest.Gradient _ -> KeepLargestReference.gradient(operands);
      case LayerNorm norm -> LayerNormReference.forward(norm, operands);
      case LayerNorm.Gradient _ -> LayerNormReference.gradient(operands);
      case LogMeanSoftmax _ -> LogMeanSoftmaxReference.forward(operands);
      case LogMeanSoftmax.Gradient _ -> LogMeanSoftmaxReference.gradient(operands);
      case LogSumExp _ -> LogSumExpReference.forward(operands);
      case LogSumExp.Gradient _ -> LogSumExpReference.gradient(operands);
      case MatMul product -> MatMulReference.forward(product, operands);
      case Mean _ -> MeanReference.forward(operands);
      case Mean.Gradient mean -> MeanReference.gradient(mean, operands);
      case Multiply _ -> MultiplyReference.forward(operands);
      case NegativeEntropy _ -> NegativeEntropyReference.forward(operands);
      case NegativeEntropy.Gradient _ -> NegativeEntropyReference.gradient(operands);
      case ProductKeyScores _ -> ProductKeyScoresReference.forward(operands);
      case ProductKeyScores.Gradient _ -> ProductKeyScoresReference.gradient(operands);
      case ProductKeyTable _ -> ProductKeyTableReference.forward(operands);
      case ProductKeyTable.Gradient table -> ProductKeyTableReference.gradient(table, operands);
      case ProductKeyTopK choice -> ProductKeyTopKReference.forward(choice, operands);
      case ProductKeyTopK.Gradient choice -> ProductKeyTopKReference.gradient(choice, operands);
      case RelativeAttention attention -> RelativeAttentionReference.forward(attention, operands);
      case RelativeAttention.Gradient attention ->
          RelativeAttentionReference.gradient(attention, operands);
      case Route route -> RouteReference.forward(route, operands);
      case Scale scale -> MultiplyReference.scale(scale, operands);
      case ScatterColumns scatter -> ColumnsReference.scatter(scatter, operands);
      case ScatterMatMul product -> ScatterMatMulReference.forward(product, operands);
      case ScatterMatMul.WeightGradient _ -> ScatterMatMulReference.weightGradient(operands);
      case ShiftMemory _ -> ShiftMemoryReference.update(operands);
      case Sinkhorn sinkhorn -> SinkhornReference.forward(sinkhorn, operands);
      case Softmax softmax -> SoftmaxReference.forward(softmax, operands);
      case Softmax.Gradient softmax -> SoftmaxReference.gradient(softmax, operands);
      case SumRows _ -> SumRowsReference.forward(operands);
      case TopK topK -> TopKReference.forward(topK, operands);
      case WeightedGather gather -> WeightedGatherReference.forward(gather, operands);
      case WeightedGather.ValueGradient gather ->
          WeightedGatherReference.valueGradient(gather, operands);
      case WeightedGather.WeightGradient _ -> WeightedGatherReference.weightGradient(operands);
    };
  }
}
