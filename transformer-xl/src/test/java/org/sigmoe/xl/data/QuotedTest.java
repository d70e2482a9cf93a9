package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuotedTest {

  @Test
  void plainNameIsOnlyQuoted() {
    assertEquals("\"dir/été 😀.txt\"", Quoted.of("dir/été 😀.txt"));
  }

  @Test
  void charactersThatSteerTerminalsAreEscaped() {
    assertEquals("\"a\\u001B[2Jb\\u000Ac\\u202Ed\"", Quoted.of("a\u001b[2Jb\nc\u202ed"));
  }

  @Test
  void longNameIsCut() {
    assertEquals('"' + "x".repeat(120) + '"', Quoted.of("x".repeat(120)));
    assertEquals('"' + "x".repeat(120) + "...\"", Quoted.of("x".repeat(121)));
  }
}
