package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockLayoutTest {

  @ParameterizedTest
  @CsvSource({
    "7, 2, 3, 1",
    "12, 2, 3, 1",
    "13, 2, 3, 2",
    "14, 2, 3, 2",
    "2, 1, 1, 1",
    "100, 1, 99, 1",
  })
  void blocksAreThoseWhoseTargetsAllExist(int n, int streams, int context, long blocks) {
    BlockLayout layout = BlockLayout.of(ArrayTokens.counting(n), streams, context);
    assertEquals(blocks, layout.blocksPerStream());
    assertEquals((long) streams * context, layout.tokensPerStep());
  }

  @ParameterizedTest
  @CsvSource({"6, 2, 3", "1, 1, 1", "0, 1, 1", "100, 1, 100"})
  void tooFewTokensForOneBatchSaysHowManyThereAreAndHowManyAreNeeded(
      int n, int streams, int context) {
    DataException e =
        assertThrows(
            DataException.class, () -> BlockLayout.of(ArrayTokens.counting(n), streams, context));
    assertEquals(
        ("the test's tokens is too small for one batch: it has %d tokens, and %d streams of %d"
                + " tokens need %d; give more text, or a smaller batch or context")
            .formatted(n, streams, context, streams * context + 1),
        e.getMessage());
  }

  @Test
  void hugeBatchDoesNotOverflow() {
    assertThrows(
        DataException.class, () -> BlockLayout.of(ArrayTokens.counting(9), 1 << 20, 1 << 20));
  }

  @Test
  void batchWithoutStreamsOrTokensIsRefused() {
    ArrayTokens source = ArrayTokens.counting(9);
    assertThrows(IllegalArgumentException.class, () -> BlockLayout.of(source, 0, 3));
    assertThrows(IllegalArgumentException.class, () -> BlockLayout.of(source, 3, 0));
  }
}
