package org.sigmoe.xl.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted, by hand. */
class TalliesTest {

  private static MemorySegment floats(float... values) {
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment ints(int... values) {
    return MemorySegment.ofArray(values);
  }

  @Test
  void activeUnitsAreThoseThatAreNotZero() {
    UnitTally tally = new UnitTally(4);
    tally.add(floats(1, 0, -2, 0, 0, 0, 0, 0));
    tally.add(floats(3, 0, 1, 1));

    UnitUse use = tally.use();

    assertEquals(4, use.units());
    assertEquals((2 + 0 + 3) / 3.0, use.mean(), 1e-12);
    double mean = 5 / 3.0;
    double variance = ((2 - mean) * (2 - mean) + mean * mean + (3 - mean) * (3 - mean)) / 3;
    assertEquals(Math.sqrt(variance), use.deviation(), 1e-12);
    assertEquals(5 / 12.0, use.share(), 1e-12);
    assertEquals(1, use.neverActive(), "unit 1");
  }

  @Test
  void useIsTheSumOfWeightsNotOfSelections() {
    SelectionTally tally = new SelectionTally(4, 2);
    tally.add(ints(0, 1, 1, 2), floats(0.5f, 0.25f, 0.25f, 0));
    tally.add(ints(0, 1), floats(0.5f, 0.5f));

    Use use = tally.use();

    assertEquals(List.of(0.5, 0.5, 0.0, 0.0), use.shares());
    assertEquals(2, use.perToken());
    assertEquals(2, use.unused(), "2 was selected with weight 0 only, 3 never");
    assertEquals(Math.log(2), use.entropy(), 1e-12);
    assertEquals(0.5, use.relativePerplexity(), 1e-12);
  }

  @Test
  void sharesAreSortedFromTheGreatest() {
    SelectionTally tally = new SelectionTally(3, 1);
    tally.add(ints(2, 0, 2, 1, 2), floats(1, 1, 1, 2, 1));

    assertEquals(List.of(0.5, 2 / 6.0, 1 / 6.0), tally.use().sorted());
  }

  @Test
  void evenUseHasRelativePerplexityOneAndCollapsedUseOneOfAll() {
    SelectionTally even = new SelectionTally(4, 1);
    even.add(ints(0, 1, 2, 3), floats(1, 1, 1, 1));
    SelectionTally collapsed = new SelectionTally(4, 1);
    collapsed.add(ints(3, 3, 3, 3), floats(1, 1, 1, 1));

    assertEquals(1, even.use().relativePerplexity(), 1e-12);
    assertEquals(0.25, collapsed.use().relativePerplexity(), 1e-12);
  }

  @Test
  void nothingButZeroWeightsIsUseOfNothing() {
    SelectionTally tally = new SelectionTally(2, 1);
    tally.add(ints(0, 1), floats(0, 0));

    assertEquals(List.of(0.0, 0.0), tally.use().shares());
    assertEquals(2, tally.use().unused());
  }

  @Test
  void coOccurrenceRowsAddUpToOneWithoutTheDiagonal() {
    PairTally tally = new PairTally(4, 3);
    tally.add(ints(0, 1, 2, 1, 0, 3));

    assertEquals(
        List.of(
            List.of(0.0, 0.5, 0.25, 0.25),
            List.of(0.5, 0.0, 0.25, 0.25),
            List.of(0.5, 0.5, 0.0, 0.0),
            List.of(0.5, 0.5, 0.0, 0.0)),
        tally.shares());
  }

  @Test
  void expertsThatAreAloneOccurBesideNone() {
    PairTally tally = new PairTally(2, 1);
    tally.add(ints(0, 1, 1));

    assertEquals(List.of(List.of(0.0, 0.0), List.of(0.0, 0.0)), tally.shares());
  }
}
