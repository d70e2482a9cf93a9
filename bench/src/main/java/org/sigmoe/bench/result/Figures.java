package org.sigmoe.bench.result;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;

/**
 * The efficiency figures: for each series time and memory of one block, sigma-MoE beside dense, and
 * libtorch's time where it took part. Both axes are logarithmic, so that a power law is a straight
 * line.
 */
public final class Figures {
  private static final List<String> FORMATS = List.of("svg", "png");
  private static final int WIDTH = 760;
  private static final int HEIGHT = 480;

  /** Colours that most people can tell apart (Okabe and Ito 2008). */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x56b4e9),
          new Color(0xe69f00),
          new Color(0x009e73),
          new Color(0xcc79a7));

  private final Report report;
  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  private Figures(Report report, Path folder) {
    this.report = report;
    this.folder = folder;
  }

  /**
   * Draws all series of a report, each as SVG and PNG.
   *
   * @return the files
   */
  public static List<Path> draw(Report report, Path folder) throws IOException {
    Figures figures = new Figures(report, folder);
    Map<List<Object>, List<List<Row>>> bySweep = new LinkedHashMap<>();
    for (List<Row> series : Growth.series(report.rows())) {
      Row first = series.getFirst();
      bySweep
          .computeIfAbsent(
              List.of(Growth.sweep(first), first.precision(), first.threads()),
              _ -> new ArrayList<>())
          .add(series);
    }
    for (List<List<Row>> together : bySweep.values()) {
      figures.time(together);
      figures.memory(together);
    }
    return figures.written;
  }

  private void time(List<List<Row>> together) throws IOException {
    XYChart chart = chart(together, "milliseconds");
    for (List<Row> series : together) {
      add(chart, series, "", row -> row.samples().median());
      if (series.stream().allMatch(row -> row.peer() != null)) {
        add(
            chart,
            series,
            " (libtorch)",
            row -> row.peer() == null ? Double.NaN : row.peer().median());
      }
    }
    save(chart, together, "time");
  }

  private void memory(List<List<Row>> together) throws IOException {
    XYChart chart = chart(together, "activations, MB");
    for (List<Row> series : together) {
      if (series.stream().allMatch(row -> row.activationBytes() > 0)) {
        add(chart, series, "", row -> row.activationBytes() / 1e6);
      }
    }
    if (!chart.getSeriesCollection().isEmpty()) {
      save(chart, together, "memory");
    }
  }

  private static void add(
      XYChart chart, List<Row> series, String suffix, ToDoubleFunction<Row> height) {
    Sweep sweep = Growth.sweep(series.getFirst());
    XYSeries line =
        chart.addSeries(
            series.getFirst().work() + suffix,
            Sweep.positions(series, sweep),
            series.stream().mapToDouble(height).toArray());
    Color colour = COLOURS.get((chart.getSeriesCollection().size() - 1) % COLOURS.size());
    line.setLineColor(colour);
    line.setMarkerColor(colour);
    line.setLineStyle(new BasicStroke(2));
  }

  private XYChart chart(List<List<Row>> together, String yAxis) {
    Row first = together.getFirst().getFirst();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title(first))
            .xAxisTitle(Growth.sweep(first).axis())
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisLogarithmicDecadeOnly(false);
    chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
    chart.getStyler().setXAxisTickLabelsFormattingFunction(Figures::tick);
    chart.getStyler().setYAxisTickLabelsFormattingFunction(Figures::tick);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    return chart;
  }

  private String title(Row first) {
    String what = "%s, %s".formatted(report.engine(), first.precision());
    return Growth.sweep(first) == Sweep.TOKENS
        ? what
        : what + ", %,d tokens".formatted(first.parsedSizes().tokens());
  }

  /** Labels of 1, 2 and 5 in each decade; the others would overlap. */
  static String tick(double value) {
    double leading = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    return switch ((int) Math.round(leading)) {
      case 1, 2, 5 -> new DecimalFormat("#,###.###").format(value);
      default -> "";
    };
  }

  private void save(XYChart chart, List<List<Row>> together, String what) throws IOException {
    Row first = together.getFirst().getFirst();
    for (String format : FORMATS) {
      Path file =
          folder.resolve(
              "%s-%s-%s-%d-%s.%s"
                  .formatted(
                      Growth.sweep(first).label(),
                      report.engine(),
                      first.precision(),
                      first.threads(),
                      what,
                      format));
      Report.save(file, ChartEncoder.getBytes(chart, format));
      written.add(file);
    }
  }
}
