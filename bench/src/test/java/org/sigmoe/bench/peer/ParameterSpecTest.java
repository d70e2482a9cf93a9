package org.sigmoe.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sigmoe.bench.model.ModelShape;

/** The counts of the paper's dense models (arXiv 2310.10837, Tab 3), which its code gives. */
class ParameterSpecTest {

  @Test
  void smallWikiTextModelHasThePublishedSize() {
    var shape = new ModelShape(8000, 412, 16, 10, 41, 2053, 256, 256, 64, 0.1);
    assertEquals(47_260_136, TorchTransformerXl.parameterCount(shape));
  }

  @Test
  void bigWikiTextModelHasThePublishedSize() {
    var shape = new ModelShape(8000, 1024, 18, 16, 64, 4110, 512, 512, 64, 0.2);
    assertEquals(262_479_968, TorchTransformerXl.parameterCount(shape));
  }

  @Test
  void enwik8ModelHasThePublishedSize() {
    var shape = new ModelShape(205, 512, 12, 8, 64, 2053, 512, 512, 32, 0.1);
    assertEquals(41_234_721, TorchTransformerXl.parameterCount(shape));
  }
}
