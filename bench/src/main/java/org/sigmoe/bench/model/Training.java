package org.sigmoe.bench.model;

import org.sigmoe.nn.engine.Precision;

/**
 * How a model is trained: by Adam with PyTorch's defaults, its gradient clipped.
 *
 * @param precision of the matrix products
 * @param learningRate of Adam
 * @param clipNorm largest global norm of the gradient
 * @param seed of initialisation and dropout
 */
public record Training(Precision precision, double learningRate, double clipNorm, long seed) {

  /** The learning rate and clipping of arXiv 2310.10837. */
  public static Training of(Precision precision) {
    return new Training(precision, 2.5e-4, 0.25, 1);
  }
}
