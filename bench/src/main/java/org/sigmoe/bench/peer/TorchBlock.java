package org.sigmoe.bench.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A feed-forward block of libtorch at the end of a residual branch. */
interface TorchBlock extends AutoCloseable {

  /**
   * What a block gives.
   *
   * @param y x + block(x), [N, D], f32
   * @param auxiliaryLoss [1], already weighted; null where there is none
   */
  record Output(Tensor y, @Nullable Tensor auxiliaryLoss) {}

  /**
   * The forward pass.
   *
   * @param x [N, D]
   */
  Output forward(Tensor x);

  /** Trained tensors, in the order of our block's parameters. */
  List<Tensor> parameters();

  @Override
  void close();
}
