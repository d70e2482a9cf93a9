package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.bincount;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.logsumexp;
import static org.bytedeco.pytorch.global.torch.mm;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.topk;

import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * sigma-MoE as a careful PyTorch user writes it without kernels of his own: a loop over the
 * experts, each of which multiplies its rows and adds to the rows of the result. The rows are found
 * by one sort and gathered for all experts at once, and each weight is applied to the narrower
 * side, the hidden units.
 */
final class TorchSigmaMoe implements TorchBlock {
  private final int experts;
  private final int k;
  private final double entropy;
  private final Tensor keys;
  private final Tensor values;
  private final Tensor selection;

  /**
   * A block.
   *
   * @param entropy weight of the regulariser
   */
  TorchSigmaMoe(int dModel, int experts, int expertSize, int k, double entropy) {
    this.experts = experts;
    this.k = k;
    this.entropy = entropy;
    keys = Leaves.normal(experts, dModel, expertSize);
    values = Leaves.normal(experts, expertSize, dModel);
    selection = Leaves.normal(experts, dModel);
  }

  @Override
  public Output forward(Tensor x) {
    Tensor logits = linear(x, selection);
    T_TensorTensor_T best = topk(sigmoid(logits), k, -1, true, false);
    Tensor weights = best.get0().reshape(-1);
    Tensor chosen = best.get1().reshape(-1);
    Tensor order = chosen.argsort(true, 0, false);
    Tensor tokens = order.floor_divide(new Scalar(k));
    Tensor sortedWeights = weights.index_select(0, order).unsqueeze(1);
    long[] counts = new long[experts];
    new LongPointer(bincount(chosen, new TensorOptional(), experts).data_ptr()).get(counts);
    // All are divided once: of a selection for each expert the gradient would be as large as x, or
    // as all matrices together, each time.
    TensorVector matricesIn = keys.unbind(0);
    TensorVector matricesOut = values.unbind(0);
    TensorVector gathered = x.index_select(0, tokens).split_with_sizes(counts, 0);
    Tensor y = x.clone();
    long begin = 0;
    for (int expert = 0; expert < experts; expert++) {
      long count = counts[expert];
      if (count > 0) {
        Tensor rows = tokens.narrow(0, begin, count);
        Tensor units = mm(gathered.get(expert), matricesIn.get(expert)).relu_();
        Tensor weighted = units.mul(sortedWeights.narrow(0, begin, count));
        Tensor product = mm(weighted, matricesOut.get(expert));
        y.index_add_(0, rows, product.to(y.scalar_type()));
      }
      begin += count;
    }
    return new Output(y, regulariser(logits));
  }

  /** The negative entropy of the mean of the tokens' softmax, weighted. */
  private Tensor regulariser(Tensor logits) {
    Tensor each = log_softmax(logits.to(ScalarType.Float), -1);
    Tensor mean = logsumexp(each, 0).sub(new Scalar(Math.log(logits.size(0))));
    return mean.exp().mul(mean).sum().mul(new Scalar(entropy));
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(keys, values, selection);
  }

  @Override
  public void close() {
    parameters().forEach(Tensor::close);
  }
}
