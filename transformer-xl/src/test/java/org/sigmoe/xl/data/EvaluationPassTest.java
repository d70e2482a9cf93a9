package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationPassTest {

  @ParameterizedTest
  @CsvSource({"100, 4, 7", "113, 4, 7", "85, 4, 7", "30, 1, 29", "31, 1, 29", "50, 3, 1"})
  void wholePassPredictsEachTokenOnceAndCountsWhatItLeavesOut(int n, int streams, int context) {
    EvaluationPass pass = EvaluationPass.whole(ArrayTokens.counting(n), streams, context);
    BitSet predicted = predicted(pass, streams * context);
    assertEquals(pass.tokens(), predicted.cardinality());
    // with all blocks of all streams, what is predicted is one range from the second token on
    assertEquals(1, predicted.nextSetBit(0));
    assertEquals(pass.tokens() + 1, predicted.length());
    assertEquals(n - 1, pass.tokens() + pass.tokensLeftOut());
    assertTrue(pass.tokensLeftOut() < streams * context);
  }

  @Test
  void sampleReadsTheFirstBlocksOfEveryStream() {
    EvaluationPass pass = EvaluationPass.sample(ArrayTokens.counting(100), 4, 7, 2);
    assertEquals(2, pass.batches());
    BitSet expected = new BitSet();
    for (int start : new int[] {0, 21, 42, 63}) {
      expected.set(start + 1, start + 1 + 2 * 7);
    }
    assertEquals(expected, predicted(pass, 28));
    assertEquals(56, pass.tokens());
    assertEquals(43, pass.tokensLeftOut());
  }

  @Test
  void sampleOfMoreBlocksThanThereAreIsAWholePass() {
    EvaluationPass pass = EvaluationPass.sample(ArrayTokens.counting(100), 4, 7, 999);
    assertEquals(3, pass.batches());
    assertEquals(84, predicted(pass, 28).cardinality());
  }

  @ParameterizedTest
  @CsvSource({"0", "-1"})
  void sampleOfNoBlocksIsRefused(long most) {
    ArrayTokens source = ArrayTokens.counting(100);
    assertThrows(IllegalArgumentException.class, () -> EvaluationPass.sample(source, 4, 7, most));
  }

  private static BitSet predicted(EvaluationPass pass, int batch) {
    MemorySegment inputs = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, batch);
    MemorySegment targets = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, batch);
    BitSet predicted = new BitSet();
    for (long i = 0; i < pass.batches(); i++) {
      assertTrue(pass.hasNext());
      pass.next(inputs, targets);
      int[] before = inputs.toArray(ValueLayout.JAVA_INT);
      int[] tokens = targets.toArray(ValueLayout.JAVA_INT);
      for (int j = 0; j < batch; j++) {
        assertEquals(before[j] + 1, tokens[j]);
        assertFalse(predicted.get(tokens[j]), "predicted twice");
        predicted.set(tokens[j]);
      }
    }
    assertFalse(pass.hasNext());
    assertThrows(NoSuchElementException.class, () -> pass.next(inputs, targets));
    return predicted;
  }
}
