package org.sigmoe.bench.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @Test
  void textNamesTheShapeAndWhatDiffers() {
    Sizes sizes = PaperShape.WT_S.sizes().with(Dimension.BATCH, 16).with(Dimension.EXPERTS, 16);
    assertEquals("wt-s,batch=16", sizes.toString());
    assertEquals(sizes, Sizes.parse("wt-s,batch=16"));
    assertEquals(4096, sizes.tokens());
    assertEquals(412, sizes.get(Dimension.D_MODEL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wt-x", "wt-s,batch", "wt-s,batch=0", "wt-s,batch=-1", "wt-s,size=3"})
  void whatIsNoSizeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Sizes.parse(text));
  }

  @Test
  void batchShrinksToSoManyTokensButNotBelowOneStream() {
    Sizes sizes = PaperShape.WT_B.sizes();
    assertEquals(4096, sizes.atMostTokens(4096).tokens());
    assertEquals(512, sizes.atMostTokens(100).tokens());
    assertEquals(sizes, sizes.atMostTokens(1 << 20));
  }

  @ParameterizedTest
  @EnumSource
  void noReducedSizeIsLarger(PaperShape shape) {
    Sizes reduced = shape.sizes().reduced();
    for (Dimension dimension : Dimension.values()) {
      assertTrue(reduced.get(dimension) <= shape.sizes().get(dimension), dimension.key());
    }
    assertTrue(reduced.get(Dimension.K) <= reduced.get(Dimension.EXPERTS));
  }

  /** Tab 8 and 9 of arXiv 2310.10837. */
  @Test
  void wikitextShapesAreThoseOfThePaper() {
    Sizes small = PaperShape.WT_S.sizes();
    assertEquals(16 * 128, small.get(Dimension.EXPERTS) * small.get(Dimension.EXPERT_SIZE));
    assertEquals(2053, small.get(Dimension.D_FEED_FORWARD));
    assertEquals(64 * 256, small.tokens());
    Sizes big = PaperShape.WT_B.sizes();
    assertEquals(1024, big.get(Dimension.D_MODEL));
    assertEquals(4110, big.get(Dimension.D_FEED_FORWARD));
    assertEquals(64 * 512, big.tokens());
  }
}
