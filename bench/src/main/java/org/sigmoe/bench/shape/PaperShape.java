package org.sigmoe.bench.shape;

import java.util.Arrays;

/**
 * Named sizes. Those of the paper are from Tab 8 and 9 of arXiv 2310.10837, with the experts of the
 * sigma-MoE and the sub-keys of the product-key memory that have the parameters of the dense model.
 */
public enum PaperShape {
  /** The preset {@code tiny} of the command line: bytes, trained in minutes on two cores. */
  TINY("tiny", 32, 64, 128, 128, 4, 4, 32, 512, 8, 64, 2, 22, 256),
  /** Four layers of WT-S on bytes, with a small batch: a step that two cores can do often. */
  WT_S_STACK("wt-s-stack", 4, 256, 256, 412, 4, 10, 41, 2053, 16, 128, 4, 62, 256),
  /** WikiText-103, small. */
  WT_S("wt-s", 64, 256, 256, 412, 16, 10, 41, 2053, 16, 128, 4, 62, 8000),
  /** WikiText-103, big. */
  WT_B("wt-b", 64, 512, 512, 1024, 18, 16, 64, 4110, 32, 128, 4, 89, 8000),
  /** Enwik8; its vocabulary is the bytes that occur. */
  E8("e8", 32, 512, 512, 512, 12, 8, 64, 2053, 16, 128, 4, 62, 204),
  /**
   * The layer of the efficiency figures (Fig 2 and 8 to 11): 32,768 tokens; each figure varies one
   * or two of the sizes.
   */
  FIGURE("figure", 64, 512, 512, 512, 12, 8, 64, 4096, 32, 128, 4, 89, 8000);

  private final String label;
  private final int[] sizes;

  PaperShape(String label, int... sizes) {
    this.label = label;
    this.sizes = sizes;
  }

  /** The name in text. */
  public String label() {
    return label;
  }

  /** Its sizes. */
  public Sizes sizes() {
    return Sizes.of(this);
  }

  int size(Dimension dimension) {
    return sizes[dimension.ordinal()];
  }

  /**
   * The sizes of that name.
   *
   * @throws IllegalArgumentException if there are none, with the names that there are
   */
  static PaperShape of(String label) {
    for (PaperShape shape : values()) {
      if (shape.label.equals(label)) {
        return shape;
      }
    }
    throw new IllegalArgumentException(
        "no shape is called '%s'; there are %s"
            .formatted(label, Arrays.stream(values()).map(PaperShape::label).toList()));
  }
}
