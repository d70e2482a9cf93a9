package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.linear;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Two layers with biases and ReLU between them. */
final class TorchDense implements TorchBlock {
  private final Tensor weight1;
  private final Tensor bias1;
  private final Tensor weight2;
  private final Tensor bias2;

  TorchDense(int dModel, int dFeedForward) {
    weight1 = Leaves.normal(dFeedForward, dModel);
    bias1 = Leaves.normal(dFeedForward);
    weight2 = Leaves.normal(dModel, dFeedForward);
    bias2 = Leaves.normal(dModel);
  }

  @Override
  public Output forward(Tensor x) {
    Tensor hidden = linear(x, weight1, bias1).relu_();
    return new Output(x.add(linear(hidden, weight2, bias2)), null);
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(weight1, bias1, weight2, bias2);
  }

  @Override
  public void close() {
    parameters().forEach(Tensor::close);
  }
}
