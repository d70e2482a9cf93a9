package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.data.BatchStream.Position;

class BatchStreamTest {

  private static final int B = 2;
  private static final int T = 3;

  private final MemorySegment inputs = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, B * T);
  private final MemorySegment targets = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, B * T);

  /**
   * n = 15: S = floor(14 / 6) = 2 blocks a stream; stream 1 begins at 6; tokens 13, 14 are left.
   */
  private final BatchStream batches = new BatchStream(ArrayTokens.counting(15), B, T);

  @Test
  void streamsAreContiguousAndTargetsAreShiftedByOne() {
    assertNext(new int[] {0, 1, 2, 6, 7, 8}, new int[] {1, 2, 3, 7, 8, 9});
    assertNext(new int[] {3, 4, 5, 9, 10, 11}, new int[] {4, 5, 6, 10, 11, 12});
  }

  @Test
  void eachEpochReadsTheSameAndSaysThatItStarts() {
    for (int epoch = 0; epoch < 3; epoch++) {
      assertTrue(batches.startsEpoch());
      assertEquals(new Position(epoch, 0), batches.position());
      assertNext(new int[] {0, 1, 2, 6, 7, 8}, new int[] {1, 2, 3, 7, 8, 9});
      assertFalse(batches.startsEpoch());
      assertEquals(new Position(epoch, 1), batches.position());
      assertNext(new int[] {3, 4, 5, 9, 10, 11}, new int[] {4, 5, 6, 10, 11, 12});
    }
  }

  @Test
  void restoredPositionContinuesAsIfNeverInterrupted() {
    TokenSource source = ArrayTokens.counting(1000);
    BatchStream uninterrupted = new BatchStream(source, B, T);
    for (int step = 0; step < 400; step++) {
      BatchStream resumed = new BatchStream(source, B, T);
      resumed.seek(uninterrupted.position());
      assertEquals(uninterrupted.startsEpoch(), resumed.startsEpoch());
      assertEquals(resumed.positionAfter(step), resumed.position());
      resumed.next(inputs, targets);
      int[] resumedInputs = inputs.toArray(ValueLayout.JAVA_INT);
      int[] resumedTargets = targets.toArray(ValueLayout.JAVA_INT);
      uninterrupted.next(inputs, targets);
      assertArrayEquals(inputs.toArray(ValueLayout.JAVA_INT), resumedInputs);
      assertArrayEquals(targets.toArray(ValueLayout.JAVA_INT), resumedTargets);
      assertEquals(uninterrupted.position(), resumed.position());
    }
    assertEquals(new Position(2, 68), uninterrupted.position());
  }

  @Test
  void positionOfOtherDataIsRefused() {
    DataException e = assertThrows(DataException.class, () -> batches.seek(new Position(1, 2)));
    assertTrue(e.getMessage().contains("has 2 blocks of 2 x 3 tokens"), e.getMessage());
    assertEquals(Position.START, batches.position());
    assertThrows(IllegalArgumentException.class, () -> new Position(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Position(0, -1));
  }

  @Test
  void targetSegmentThatIsTooSmallIsRefusedAndLargerOneIsFilledFromItsStart() {
    MemorySegment small = inputs.asSlice(0, (B * T - 1) * 4L);
    assertThrows(IndexOutOfBoundsException.class, () -> batches.next(inputs, small));
    MemorySegment large = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, B * T + 1);
    large.setAtIndex(ValueLayout.JAVA_INT, B * T, -7);
    batches.next(large, targets);
    assertArrayEquals(new int[] {0, 1, 2, 6, 7, 8, -7}, large.toArray(ValueLayout.JAVA_INT));
  }

  @Test
  void nextAllocatesNothing(@TempDir Path folder) {
    Path file = TestFiles.write(folder.resolve("text"), "some text or other. ".repeat(500));
    try (Arena arena = Arena.ofShared()) {
      BatchStream stream = new BatchStream(MappedBytes.map(file, "text", arena), B, T);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int step = 0; step < 20_000; step++) {
        stream.next(inputs, targets);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int step = 0; step < 20_000; step++) {
        stream.next(inputs, targets);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 20_000, () -> allocated + " bytes in 20,000 steps");
    }
  }

  private void assertNext(int[] expectedInputs, int[] expectedTargets) {
    batches.next(inputs, targets);
    assertArrayEquals(expectedInputs, inputs.toArray(ValueLayout.JAVA_INT));
    assertArrayEquals(expectedTargets, targets.toArray(ValueLayout.JAVA_INT));
  }
}
