package org.sigmoe.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class InvocationTest {

  private static String commandLine(String... words) {
    return new Invocation(List.of(words)).commandLine();
  }

  @Test
  void plainWordsStandAsTheyAre() {
    assertEquals(
        "sigmoe train --set optimiser.beta2=0.98",
        commandLine("train", "--set", "optimiser.beta2=0.98"));
  }

  @Test
  void whatAShellWouldTakeApartIsQuoted() {
    assertEquals("sigmoe train --out 'my runs/$a'", commandLine("train", "--out", "my runs/$a"));
    assertEquals("sigmoe 'it'\\''s' ''", commandLine("it's", ""));
  }

  @Test
  void lineBreaksDoNotBreakTheLine() {
    assertEquals("sigmoe $'a\\u000ab\\'\\\\'", commandLine("a\nb'\\"));
  }
}
