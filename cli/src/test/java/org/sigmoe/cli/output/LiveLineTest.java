package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveLineTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final LiveLine line =
      new LiveLine(new PrintStream(written, true, StandardCharsets.UTF_8), nanos::get);

  /** What was written, with control sequences in words. */
  private String written() {
    return written
        .toString(StandardCharsets.UTF_8)
        .replace("\r\u001b[2K", "<clear>")
        .replace("\u001b[?7l", "")
        .replace("\u001b[?7h", "")
        .replace(System.lineSeparator(), "<end>");
  }

  @Test
  void lineIsDrawnOver() {
    line.show("one");
    nanos.addAndGet(SECOND);
    line.show("two");
    line.leave();

    assertEquals("<clear>one<clear>two<end>", written());
  }

  @Test
  void ofManyChangesInAMomentTheLastIsLeft() {
    line.show("one");
    line.show("two");
    line.show("three");
    line.leave();

    assertEquals("<clear>one<clear>three<end>", written());
  }

  @Test
  void lineAboveStaysAndTheLiveLineIsDrawnBelow() {
    line.above("first");
    line.show("live");
    line.above("second");
    line.clear();

    assertEquals("first<end><clear>live<clear>second<end><clear>live<clear>", written());
  }

  @Test
  void emptyLineLeavesNothing() {
    line.clear();
    line.leave();

    assertEquals("", written());
  }
}
