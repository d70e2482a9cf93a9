package org.sigmoe.bench;

/** The models that are measured; every benchmark of a training step takes one of these. */
public enum BenchModel {
  /** A character-level model that trains in minutes on two cores. */
  TINY(new ModelShape(256, 128, 4, 4, 32, 512, 128, 128, 32, 0.1)),

  /** Four layers of the paper's WT-S (Tab 8 of arXiv 2310.10837) on bytes, with a small batch. */
  WT_S_STACK(new ModelShape(256, 412, 4, 10, 41, 2053, 256, 256, 4, 0.1));

  private final ModelShape shape;

  BenchModel(ModelShape shape) {
    this.shape = shape;
  }

  /** The sizes. */
  public ModelShape shape() {
    return shape;
  }
}
