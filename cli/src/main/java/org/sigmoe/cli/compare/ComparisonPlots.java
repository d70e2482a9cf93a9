package org.sigmoe.cli.compare;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.metrics.MetricSeries;

/** A comparison as two plots, each as SVG and PNG. */
final class ComparisonPlots {
  /** Name of the file with the curves, without its ending. */
  static final String CURVES = "curves";

  /** Name of the file with quality against FLOPs, without its ending. */
  static final String FLOPS = "flops";

  private static final List<String> FORMATS = List.of("svg", "png");
  private static final int WIDTH = 860;
  private static final int HEIGHT = 520;
  private static final int BAND_OPACITY = 50;
  private static final String QUALITY = "bits per token, held-out text";

  /** Colours that most people can tell apart (Okabe and Ito 2008). */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x000000),
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0xcc79a7),
          new Color(0xe69f00),
          new Color(0x56b4e9));

  private ComparisonPlots() {}

  static void write(Comparison comparison, Path folder) throws IOException {
    save(curves(comparison), folder, CURVES);
    save(flops(comparison), folder, FLOPS);
  }

  /** Mean over the seeds, in a band from the lowest to the highest. */
  private static XYChart curves(Comparison comparison) {
    XYChart chart = chart("step");
    for (int i = 0; i < comparison.rows().size(); i++) {
      ComparisonRow row = comparison.rows().get(i);
      double[] steps = steps(row);
      Spread[] spreads = spreads(row, steps.length);
      if (row.runs().size() > 1) {
        band(chart, row.name(), steps, spreads, colour(i));
      }
      double[] means = means(spreads);
      XYSeries line = chart.addSeries(row.name(), steps, means);
      line.setMarker(SeriesMarkers.NONE);
      line.setLineColor(colour(i));
      line.setLineStyle(new BasicStroke(2));
    }
    return chart;
  }

  private static void band(
      XYChart chart, String name, double[] steps, Spread[] spreads, Color colour) {
    int n = steps.length;
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[i] = steps[i];
      y[i] = spreads[i].most();
      x[2 * n - 1 - i] = steps[i];
      y[2 * n - 1 - i] = spreads[i].least();
    }
    XYSeries band = chart.addSeries(name + " (least to most)", x, y);
    band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    band.setShowInLegend(false);
    band.setMarker(SeriesMarkers.NONE);
    Color faint = new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_OPACITY);
    band.setFillColor(faint);
    band.setLineColor(faint);
  }

  /** Each model a point, with its standard deviation over the seeds. */
  private static XYChart flops(Comparison comparison) {
    XYChart chart = chart("FLOPs of a feed-forward block, % of dense with as many parameters");
    chart.getStyler().setXAxisMin(0.0);
    for (int i = 0; i < comparison.rows().size(); i++) {
      ComparisonRow row = comparison.rows().get(i);
      Spread bits = row.bitsPerToken();
      XYSeries point =
          chart.addSeries(
              row.name(),
              new double[] {comparison.percentOfDense(row)},
              new double[] {bits.mean()},
              new double[] {bits.deviation()});
      point.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      point.setMarker(SeriesMarkers.CIRCLE);
      point.setMarkerColor(colour(i));
    }
    return chart;
  }

  private static XYChart chart(String xAxis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(xAxis)
            .yAxisTitle(QUALITY)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    return chart;
  }

  /** Steps at which every seed was measured. */
  private static double[] steps(ComparisonRow row) {
    return row.runs().stream()
        .map(run -> run.validation().points())
        .min(Comparator.comparingInt(List::size))
        .orElseThrow()
        .stream()
        .mapToDouble(MetricSeries.Point::step)
        .toArray();
  }

  private static Spread[] spreads(ComparisonRow row, int points) {
    return IntStream.range(0, points)
        .mapToObj(
            index ->
                Spread.of(
                    row.runs().stream()
                        .mapToDouble(run -> run.validation().points().get(index).value())
                        .toArray()))
        .toArray(Spread[]::new);
  }

  private static double[] means(Spread[] spreads) {
    return Arrays.stream(spreads).mapToDouble(Spread::mean).toArray();
  }

  private static Color colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static void save(XYChart chart, Path folder, String name) throws IOException {
    for (String format : FORMATS) {
      byte[] picture = ChartEncoder.getBytes(chart, format);
      AtomicFile.write(
          Storage.disk(),
          folder.resolve(name + "." + format),
          channel -> channel.write(ByteBuffer.wrap(picture)));
    }
  }
}
