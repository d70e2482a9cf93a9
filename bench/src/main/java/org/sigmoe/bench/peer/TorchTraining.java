package org.sigmoe.bench.peer;

import org.sigmoe.bench.Precision;

/**
 * How the peer trains.
 *
 * @param precision of the matrix products; bf16 by libtorch's own autocast
 * @param attention which form of attention
 * @param learningRate of Adam
 * @param clipNorm largest global norm of the gradient
 * @param seed of initialisation and dropout
 */
public record TorchTraining(
    Precision precision,
    AttentionKernel attention,
    double learningRate,
    double clipNorm,
    long seed) {

  /** The paper's learning rate and clipping, and the attention that is faster on CPUs. */
  public static TorchTraining of(Precision precision) {
    return new TorchTraining(precision, AttentionKernel.BATCHED_MATMUL, 2.5e-4, 0.25, 1);
  }
}
