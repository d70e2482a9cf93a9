package org.sigmoe.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.sigmoe.cli.figure.Axis;
import org.sigmoe.cli.figure.Curve;
import org.sigmoe.cli.figure.Drawing;
import org.sigmoe.cli.figure.FigureFiles;
import org.sigmoe.cli.figure.Ink;
import org.sigmoe.cli.figure.LineChart;
import org.sigmoe.cli.figure.PointChart;
import org.sigmoe.cli.figure.Scale;
import org.sigmoe.cli.figure.Stroke;
import org.sigmoe.cli.statistics.Spread;
import org.sigmoe.xl.metrics.MetricSeries;

/** A comparison as two plots, each as SVG and PNG. */
final class ComparisonPlots {
  /** Name of the file with the curves, without its ending. */
  static final String CURVES = "curves";

  /** Name of the file with quality against FLOPs, without its ending. */
  static final String FLOPS = "flops";

  private static final int WIDTH = 860;
  private static final int HEIGHT = 480;
  private static final int TICKS = 6;
  private static final String QUALITY = "bits per token, held-out text";

  private ComparisonPlots() {}

  /**
   * Writes them.
   *
   * @param warnings hears if PNG cannot be drawn, as on a machine without fonts
   */
  static void write(Comparison comparison, Path folder, Consumer<String> warnings)
      throws IOException {
    FigureFiles files = new FigureFiles(warnings);
    files.write(curves(comparison), folder, CURVES, FigureFiles.Format.values());
    files.write(flops(comparison), folder, FLOPS, FigureFiles.Format.values());
  }

  /** Mean over the seeds, in a band from the lowest to the highest. */
  private static Drawing curves(Comparison comparison) {
    List<ComparisonRow> rows = comparison.rows();
    List<Curve> curves =
        IntStream.range(0, rows.size()).mapToObj(i -> curve(rows.get(i), i)).toList();
    return new LineChart(
            "Bits per token of held-out text over the steps of training",
            axis("step", curves, Curve.Sample::x, Curve.Sample::x),
            axis(QUALITY, curves, Curve.Sample::low, Curve.Sample::high),
            curves)
        .draw(WIDTH, HEIGHT);
  }

  private static Curve curve(ComparisonRow row, int number) {
    List<Long> steps = steps(row);
    List<Curve.Sample> samples =
        IntStream.range(0, steps.size())
            .mapToObj(
                index ->
                    sample(
                        steps.get(index),
                        Spread.of(
                            row.runs().stream()
                                .mapToDouble(run -> run.validation().points().get(index).value())
                                .toArray())))
            .toList();
    return new Curve(
        row.name(),
        row.name(),
        Map.of(),
        Stroke.ofSeries(number, 2),
        samples,
        row.runs().size() > 1 ? Curve.Style.BAND : Curve.Style.LINE);
  }

  private static Curve.Sample sample(long step, Spread spread) {
    return new Curve.Sample(step, spread.mean(), spread.least(), spread.most());
  }

  /** Steps at which every seed was measured. */
  private static List<Long> steps(ComparisonRow row) {
    return row.runs().stream()
        .map(run -> run.validation().points())
        .min(Comparator.comparingInt(List::size))
        .orElseThrow()
        .stream()
        .map(MetricSeries.Point::step)
        .toList();
  }

  /** Each model a point, with its standard deviation over the seeds. */
  private static Drawing flops(Comparison comparison) {
    List<ComparisonRow> rows = comparison.rows();
    List<PointChart.Item> items =
        IntStream.range(0, rows.size()).mapToObj(i -> item(comparison, rows.get(i), i)).toList();
    List<Curve.Sample> samples = items.stream().map(PointChart.Item::sample).toList();
    return new PointChart(
            "Bits per token of held-out text against FLOPs of the feed-forward blocks",
            new Axis(
                "FLOPs of a feed-forward block, % of dense with as many parameters",
                Scale.Linear.around(0, samples.stream().mapToDouble(Curve.Sample::x)), TICKS),
            new Axis(
                QUALITY,
                Scale.Linear.around(samples.stream().flatMapToDouble(ComparisonPlots::ends)),
                TICKS),
            items)
        .draw(WIDTH, HEIGHT);
  }

  private static PointChart.Item item(Comparison comparison, ComparisonRow row, int number) {
    Spread bits = row.bitsPerToken();
    return new PointChart.Item(
        row.name(),
        Map.of(),
        new Ink.Series(number),
        new Curve.Sample(
            comparison.percentOfDense(row),
            bits.mean(),
            bits.mean() - bits.deviation(),
            bits.mean() + bits.deviation()));
  }

  private static DoubleStream ends(Curve.Sample sample) {
    return DoubleStream.of(sample.low(), sample.high());
  }

  private static Axis axis(
      String title,
      List<Curve> curves,
      ToDoubleFunction<Curve.Sample> low,
      ToDoubleFunction<Curve.Sample> high) {
    return new Axis(
        title,
        Scale.Linear.around(
            curves.stream()
                .flatMap(curve -> curve.samples().stream())
                .flatMapToDouble(
                    s -> DoubleStream.of(low.applyAsDouble(s), high.applyAsDouble(s)))),
        TICKS);
  }
}
