package org.sigmoe.cli.report.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.sigmoe.cli.figure.Axis;
import org.sigmoe.cli.figure.Curve;
import org.sigmoe.cli.figure.PointChart;
import org.sigmoe.cli.figure.Scale;
import org.sigmoe.cli.info.FeedForwardReport;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.statistics.Spread;

/** Quality against what the feed-forward blocks compute. */
final class Quality {
  private static final int LEAST = 2;

  private Quality() {}

  /** The figure; empty where fewer than two finished configurations can be placed in it. */
  static Optional<Figure> figure(List<RunGroup> groups) {
    List<PointChart.Item> items = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).isFinished()) {
        item(groups.get(i), new Identity(i, groups.get(i).name())).ifPresent(items::add);
      }
    }
    if (items.size() < LEAST) {
      return Optional.empty();
    }
    List<Curve.Sample> samples = items.stream().map(PointChart.Item::sample).toList();
    PointChart chart =
        new PointChart(
            "Bits of held-out text against FLOPs of the feed-forward blocks",
            new Axis(
                "FLOPs of a feed-forward block, % of dense",
                Scale.Linear.around(0, samples.stream().mapToDouble(Curve.Sample::x)), 6),
            new Axis(
                "bits per %s, held-out text".formatted(groups.getFirst().unit()),
                Scale.Linear.around(
                    samples.stream().flatMapToDouble(s -> DoubleStream.of(s.low(), s.high()))),
                6),
            items);
    return Optional.of(
        Figure.of(
            "flops",
            "Bits of held-out text at the last validation: the mean over the seeds, and with several"
                + " seeds the standard deviation of one. FLOPs are those of the forward pass of a"
                + " feed-forward block, in percent of a dense block with as many parameters. What is not"
                + " finished is left out.",
            chart.draw(Figure.WIDE, 380),
            chart.draw(Figure.NARROW, 320)));
  }

  private static Optional<PointChart.Item> item(RunGroup group, Identity identity) {
    Optional<Spread> bits = group.lastBits();
    Optional<FeedForwardReport> block = group.model().map(model -> model.feedForward());
    return bits.isEmpty() || block.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PointChart.Item(
                identity.name(),
                identity.tags(),
                identity.stroke(1).ink(),
                sample(block.get().percentOfDense(block.get()), bits.get())));
  }

  private static Curve.Sample sample(double x, Spread bits) {
    return new Curve.Sample(
        x, bits.mean(), bits.mean() - bits.deviation(), bits.mean() + bits.deviation());
  }
}
