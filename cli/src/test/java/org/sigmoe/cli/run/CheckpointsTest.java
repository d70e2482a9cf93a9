package org.sigmoe.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CheckpointsTest {

  @Test
  void checkpointIsBestLastOrOfAStep() {
    assertEquals(new Checkpoints.Best(), Checkpoints.parse("best"));
    assertEquals(new Checkpoints.Last(), Checkpoints.parse("last"));
    assertEquals(new Checkpoints.OfStep(500), Checkpoints.parse("500"));
  }

  @Test
  void otherWordsAreRefused() {
    assertEquals(
        "--checkpoint: must be best, last or the number of a step, got 'newest'",
        assertThrows(UsageException.class, () -> Checkpoints.parse("newest")).getMessage());
  }
}
