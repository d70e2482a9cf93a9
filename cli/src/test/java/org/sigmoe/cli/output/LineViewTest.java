package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sigmoe.xl.train.TrainingEvent;

class LineViewTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final LineView view = new LineView(lines::add, nanos::get, Duration.ofSeconds(10));

  @Test
  void stepShowsLossSpeedTimeLeftRateAndGradient() {
    view.on(Events.step(1200));

    assertEquals(
        List.of(
            "step 1,200/3,000  4.92 M tokens  1.500 bits/token  9,312 tokens/s  3:24 left  lr 1.83e-03"
                + "  gradient 0.72"),
        lines);
  }

  @Test
  void ofTheStepsFirstLastAndOneFromTimeToTimeAreShown() {
    view.on(Events.step(10));
    nanos.set(Duration.ofSeconds(9).toNanos());
    view.on(Events.step(20));
    nanos.set(Duration.ofSeconds(10).toNanos());
    view.on(Events.step(30));
    view.on(Events.step(3000));

    assertEquals(
        List.of("step    10/3,000", "step    30/3,000", "step 3,000/3,000"),
        lines.stream().map(line -> line.substring(0, 16)).toList());
  }

  @Test
  void validationsCheckpointsAndWarningsAreAllShown() {
    view.on(new TrainingEvent.Started(0, 3000));
    view.on(Events.validated(500, 500));
    view.on(Events.validated(1000, 500));
    view.on(Events.saved(500));
    view.on(new TrainingEvent.Warning("look out"));

    assertEquals(
        List.of(
            "training for 3,000 steps",
            "validation at step 500: 2.000 bits/token, perplexity 4.000, 4,096 tokens; the best so"
                + " far",
            "validation at step 1,000: 2.000 bits/token, perplexity 4.000, 4,096 tokens; the best"
                + " is 1.000 at step 500",
            "saved " + Events.saved(500).folder(),
            "warning: look out"),
        lines);
  }
}
