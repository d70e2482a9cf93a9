package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.tornado.engine.op.AttentionChunks.Chunk;

final class AttentionChunksTest {

  @Test
  void wholeHeadsAreSpreadEvenly() {
    List<Chunk> chunks = AttentionChunks.of(4, 10, 100, 4 * 400).all();
    assertEquals(List.of(new Chunk(0, 4, 4), new Chunk(16, 4, 4), new Chunk(32, 2, 4)), chunks);
    assertEquals(2, AttentionChunks.of(4, 10, 100, 9 * 400).all().size());
    assertEquals(List.of(new Chunk(0, 5, 4)), AttentionChunks.of(4, 5, 100, 1 << 20).all());
  }

  @Test
  void headThatIsTooLargeIsCutIntoEqualPartsOfTheBatch() {
    List<Chunk> chunks = AttentionChunks.of(6, 2, 100, 599).all();
    assertEquals(
        List.of(new Chunk(0, 1, 3), new Chunk(3, 1, 3), new Chunk(6, 1, 3), new Chunk(9, 1, 3)),
        chunks);
    assertEquals(12, AttentionChunks.of(6, 2, 100, 1).all().size());
  }

  /** Few enough sums to add up, each over batch rows that lie within a chunk. */
  @ParameterizedTest
  @CsvSource({"64, 1000, 4", "64, 2, 2", "13, 1000, 1", "17, 1000, 17", "1, 1000, 1"})
  void sumsOverTheBatchAreCutIntoAtMostSixteenParts(int batch, long limit, int expected) {
    assertEquals(expected, AttentionChunks.of(batch, 3, 1, limit).batchOfSum());
  }
}
