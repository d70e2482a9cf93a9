package org.sigmoe.bench;

/** The models that are measured; every benchmark of a training step takes one of these. */
public enum BenchModel {
  /** The preset {@code tiny} of the command line: bytes, trained in minutes on two cores. */
  TINY(new ModelShape(256, 128, 4, 4, 32, 512, 32, 64, 128, 0)),

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
