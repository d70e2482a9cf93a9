package org.sigmoe.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FreshProcessTest {
  @Test
  void aCardIsCountedAmongThoseThatTheProcessSees() {
    assertEquals("1", FreshProcess.card("cuda:1", null));
    assertEquals("1", FreshProcess.card("cuda:1", ""));
    assertEquals("3", FreshProcess.card("cuda:1", "2, 3"));
  }
}
