package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Shape;

/** The dense family, and how families are found. */
class FeedForwardTest {
  private static final FeedForwardConfig.Placement PLACEMENT =
      new FeedForwardConfig.Placement("layers.3", 12, 4, 0.1);

  @Test
  void denseParametersAreNamedAndShapedAsInThePapersCode() {
    FeedForward dense = new DenseConfig(20).build(PLACEMENT);
    assertEquals(
        List.of(
            "layers.3.linear1.weight f32[20,12]",
            "layers.3.linear1.bias f32[20]",
            "layers.3.linear2.weight f32[12,20]",
            "layers.3.linear2.bias f32[12]"),
        dense.parameters().stream().map(Parameter::toString).toList());
    assertEquals(2 * 12 * 20 + 20 + 12, dense.parameterCount());
  }

  @Test
  void denseWeightsStartByFanInAndDepth() {
    Parameter second = new DenseConfig(20).build(PLACEMENT).parameters().get(2);
    assertEquals(new Initializer.TruncatedNormal(Math.sqrt(2.0 / (4 * 20))), second.initializer());
    assertEquals(Shape.of(12, 20), second.shape());
  }

  @Test
  void denseFootprintIsCountedFromItsGraph() {
    Footprint footprint = new DenseConfig(20).build(PLACEMENT).footprint(2, 8);
    assertEquals(2 * 12 * 20 + 20 + 12, footprint.parameters());
    // Two products of a multiply-add each; bias, ReLU and dropout of 20; bias and residual of 12.
    assertEquals(2 * 2 * 12 * 20 + 3 * 20 + 3 * 12, footprint.flopsPerToken());
    // Only the hidden layer after dropout is kept: ReLU's gradient needs nothing else.
    assertEquals(20 * Float.BYTES, footprint.activationBytesPerToken());
  }

  @Test
  void denseIsFoundByName() {
    FeedForwardProvider provider = FeedForwards.family("dense");
    assertSame(DenseConfig.class, provider.configType());
    assertEquals("dense", FeedForwards.familyOf(new DenseConfig(1)).family());
  }

  @Test
  void unknownFamilyIsRefusedWithThoseAtHand() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> FeedForwards.family("dence"));
    assertEquals(
        "There is no feed-forward family 'dence'; at hand: dense, top-k", refused.getMessage());
  }

  @Test
  void widthBelowOneIsRefusedByKey() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new DenseConfig(0));
    assertTrue(refused.getMessage().startsWith("dFeedForward:"), refused.getMessage());
  }
}
