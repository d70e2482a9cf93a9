package org.sigmoe.cli.report.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;

/**
 * All figures of a report.
 *
 * @param loss losses over steps, tokens and time
 * @param quality quality against FLOPs
 * @param use how texts use the feed-forward blocks
 * @param together which experts occur together, a figure for each run that was analysed and has any
 */
public record Figures(
    Optional<Figure> loss, Optional<Figure> quality, List<Figure> use, List<Figure> together) {

  /** Copies the lists. */
  public Figures {
    use = List.copyOf(use);
    together = List.copyOf(together);
  }

  /** Draws them. */
  public static Figures of(List<RunGroup> groups) {
    UseOfBlocks blocks = new UseOfBlocks(groups);
    List<Figure> together = new ArrayList<>();
    int number = 1;
    for (RunGroup group : groups) {
      for (RunRecord run : group.runs()) {
        UseOfBlocks.coOccurrence(run, number++).ifPresent(together::add);
      }
    }
    return new Figures(
        new LossCurves(groups).figure(),
        Quality.figure(groups),
        Stream.of(blocks.units(), blocks.experts(), blocks.values())
            .flatMap(Optional::stream)
            .toList(),
        together);
  }

  /** All of them, in the order of the page. */
  public List<Figure> all() {
    return Stream.of(loss.stream(), quality.stream(), use.stream(), together.stream())
        .flatMap(figures -> figures)
        .toList();
  }
}
