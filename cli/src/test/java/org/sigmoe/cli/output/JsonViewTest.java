package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.sigmoe.xl.train.TrainingEvent;

class JsonViewTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final JsonView view =
      new JsonView(
          Path.of("run"),
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));

  @Test
  void everyEventIsAnObjectThatNamesItself() {
    view.on(new TrainingEvent.Started(0, 3000));
    view.on(Events.step(10));
    view.on(Events.validated(500, 500));
    view.note("not for programs");
    view.end();

    assertEquals(
        """
        {"event":"start","step":0,"steps":3000,"run":"run"}
        {"event":"step","step":10,"steps":3000,"tokensSeen":40960,"loss":1.0397207708399179,\
        "bitsPerToken":1.5,"tokensPerSecond":9312.4,"learningRate":0.00183,"gradientNorm":0.718,\
        "elapsedSeconds":130.0,"secondsLeft":204.0}
        {"event":"validation","step":500,"loss":1.3862943611198906,"bitsPerToken":2.0,\
        "perplexity":4.0,"tokens":4096,"best":true,"bestStep":500}
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void warningsGoToStandardError() {
    view.on(new TrainingEvent.Warning("look out"));

    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertEquals("sigmoe: warning: look out\n", err.toString(StandardCharsets.UTF_8));
  }
}
