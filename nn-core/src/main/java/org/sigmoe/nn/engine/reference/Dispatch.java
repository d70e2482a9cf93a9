package org.sigmoe.nn.engine.reference;

import java.util.List;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.AddGroupBias;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.Embedding;
import org.sigmoe.nn.graph.op.Fractions;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupSumRows;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.graph.op.SumRows;

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
      case Activate.Gradient activate -> ActivateReference.gradient(activate, operands);
      case Adam adam -> AdamReference.update(adam, operands);
      case Add _ -> AddReference.forward(operands);
      case AddDropout addDropout -> AddDropoutReference.forward(addDropout, operands);
      case AddGroupBias _ -> AddGroupBiasReference.forward(operands);
      case AddSquaredNorm _ -> AddSquaredNormReference.forward(operands);
      case CapacityMask mask -> CapacityMaskReference.forward(mask, operands);
      case ClipFactor clip -> ClipFactorReference.forward(clip, operands);
      case Concat _ -> ConcatReference.forward(operands);
      case Concat.Gradient concat -> ConcatReference.gradient(concat, operands);
      case CrossEntropy _ -> CrossEntropyReference.forward(operands);
      case CrossEntropy.Gradient _ -> CrossEntropyReference.gradient(operands);
      case Dropout dropout -> DropoutReference.forward(dropout, operands);
      case Embedding _ -> EmbeddingReference.forward(operands);
      case Embedding.Gradient embedding -> EmbeddingReference.gradient(embedding, operands);
      case Fractions _ -> FractionsReference.forward(operands);
      case GatherMatMul product -> GatherMatMulReference.forward(product, operands);
      case GroupedOuterProduct product -> GroupedOuterProductReference.forward(product, operands);
      case GroupSumRows _ -> GroupSumRowsReference.forward(operands);
      case LayerNorm norm -> LayerNormReference.forward(norm, operands);
      case LayerNorm.Gradient _ -> LayerNormReference.gradient(operands);
      case MatMul product -> MatMulReference.forward(product, operands);
      case Mean _ -> MeanReference.forward(operands);
      case Mean.Gradient mean -> MeanReference.gradient(mean, operands);
      case RelativeAttention _ -> RelativeAttentionReference.forward(operands);
      case RelativeAttention.Gradient _ -> RelativeAttentionReference.gradient(operands);
      case Route route -> RouteReference.forward(route, operands);
      case ScatterMatMul product -> ScatterMatMulReference.forward(product, operands);
      case ScatterMatMul.WeightGradient _ -> ScatterMatMulReference.weightGradient(operands);
      case ShiftMemory _ -> ShiftMemoryReference.update(operands);
      case SumRows _ -> SumRowsReference.forward(operands);
    };
  }
}
