package org.sigmoe.bench.result;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.result.MarkdownTable.Numbers;
import org.sigmoe.bench.result.MarkdownTable.Words;

/** A report for people, in Markdown. */
final class ReportText {
  private final Report report;
  private final StringBuilder text = new StringBuilder();

  private ReportText(Report report) {
    this.report = report;
  }

  static String of(Report report) throws IOException {
    ReportText text = new ReportText(report);
    text.header();
    if (!report.starts().isEmpty()) {
      text.starts();
    }
    if (!report.rows().isEmpty()) {
      text.rows();
      text.exponents();
      text.gpuPeers(GpuPeers.load());
    }
    text.failures();
    return text.text.toString();
  }

  private void header() {
    text.append("# Measured: ").append(report.set()).append(" on ").append(report.engine());
    text.append("\n\n");
    report.circumstances().forEach(fact -> text.append("- ").append(fact).append('\n'));
    text.append(
        "- Peaks seen here: memory %.1f GB/s".formatted(report.peaks().bytesPerSecond() / 1e9));
    for (String precision : new TreeSet<>(report.peaks().flopsPerSecond().keySet())) {
      text.append(
          format(", products in %s %s", precision, rate(report.peaks().flopsPerSecond(precision))));
    }
    text.append('\n');
  }

  private void failures() {
    if (!report.failures().isEmpty()) {
      text.append("\n## Not measured\n\n");
      report.failures().forEach(failure -> text.append("- ").append(failure).append('\n'));
    }
  }

  private static String rate(double flopsPerSecond) {
    return flopsPerSecond >= 1e12
        ? format("%.1f TFLOP/s", flopsPerSecond / 1e12)
        : format("%.1f GFLOP/s", flopsPerSecond / 1e9);
  }

  private void rows() {
    text.append(
        """

        Milliseconds: median of the iterations, least and most in brackets. Floor: each op's FLOPs at \
        the peak of products or its bytes at the peak of memory, whichever takes longer; share: floor \
        over median. Bytes are counted as f32 in every precision. Error: largest against the \
        reference at reduced sizes, relative to the largest element.

        """);
    MarkdownTable table =
        new MarkdownTable(
            new Words("work"),
            new Words("sizes"),
            new Words("precision"),
            new Numbers("threads"),
            new Numbers("Sigmoe, ms"),
            new Numbers("libtorch, ms"),
            new Numbers("libtorch / Sigmoe"),
            new Numbers("floor, ms"),
            new Numbers("share"),
            new Numbers("rate"),
            new Numbers("tokens/s"),
            new Numbers("activations, MB"),
            new Numbers("error"));
    for (Row row : report.rows()) {
      double median = row.samples().median();
      table.row(
          row.work(),
          row.sizes(),
          row.precision(),
          Integer.toString(row.threads()),
          milliseconds(row.samples()),
          row.peer() == null ? "" : milliseconds(row.peer()),
          row.peer() == null ? "" : format("%.2f", row.peer().median() / median),
          number(row.floorMilliseconds()),
          format("%.0f%%", 100 * row.share()),
          rate(row.flops() / median * 1e3),
          format("%,.0f", row.parsedSizes().tokens() / median * 1e3),
          row.work().startsWith("op/") ? "" : format("%.1f", row.activationBytes() / 1e6),
          row.error() == null ? "" : format("%.0e", row.error()));
    }
    text.append(table);
  }

  private static String milliseconds(Samples samples) {
    return "%s (%s to %s)"
        .formatted(number(samples.median()), number(samples.least()), number(samples.most()));
  }

  private static String number(double value) {
    return format(value < 1 ? "%.3f" : value < 100 ? "%.2f" : "%,.0f", value);
  }

  private void starts() {
    text.append(
        """

        Seconds since the start of the Java virtual machine. Host: the most memory that the process \
        held. Planned: buffers, inputs and variables, on the device where there is one.

        """);
    MarkdownTable table =
        new MarkdownTable(
            new Words("work"),
            new Words("sizes"),
            new Words("precision"),
            new Numbers("threads"),
            new Numbers("engine open, s"),
            new Numbers("compiled, s"),
            new Numbers("first step done, s"),
            new Numbers("second step, ms"),
            new Numbers("host peak, MB"),
            new Numbers("planned, MB"),
            new Numbers("device in use, MB"),
            new Numbers("activations, MB"));
    for (Start start : report.starts()) {
      table.row(
          start.work(),
          start.sizes(),
          start.precision(),
          Integer.toString(start.threads()),
          format("%.2f", start.engineSeconds()),
          format("%.2f", start.compiledSeconds()),
          format("%.2f", start.firstStepSeconds()),
          number(start.secondStepMilliseconds()),
          megabytes(start.hostPeakBytes()),
          megabytes(start.plannedBytes()),
          start.deviceUsedBytes() == null ? "" : megabytes(start.deviceUsedBytes()),
          format("%.1f", start.activationBytes() / 1e6));
    }
    text.append(table);
  }

  private static String megabytes(long bytes) {
    return format("%,.0f", bytes / 1e6);
  }

  /** Of every series: how time and memory grow, beside what the counted work says. */
  private void exponents() {
    List<Growth> all = Growth.of(report.rows());
    if (all.isEmpty()) {
      return;
    }
    text.append(
        """

        ## How cost grows

        Exponents p of y = c x^p, fitted to the logarithms. Theory: those of the FLOPs and bytes \
        that are counted from the graph, router included; time lies between them where neither binds \
        alone.

        """);
    MarkdownTable table =
        new MarkdownTable(
            new Words("grows"),
            new Words("work"),
            new Words("precision"),
            new Numbers("threads"),
            new Words("from, to"),
            new Numbers("time"),
            new Numbers("fit R^2"),
            new Numbers("FLOPs"),
            new Numbers("bytes"),
            new Numbers("activations"),
            new Numbers("libtorch's time"));
    for (Growth growth : all) {
      table.row(
          growth.sweep().axis(),
          growth.work(),
          growth.precision(),
          Integer.toString(growth.threads()),
          format("%,.0f, %,.0f", growth.from(), growth.to()),
          format("%.2f", growth.time().exponent()),
          format("%.3f", growth.time().fit()),
          format("%.2f", growth.flops().exponent()),
          format("%.2f", growth.bytes().exponent()),
          growth.activations() == null ? "" : format("%.2f", growth.activations().exponent()),
          growth.peerTime() == null ? "" : format("%.2f", growth.peerTime().exponent()));
    }
    text.append(table);
  }

  private void gpuPeers(GpuPeers peers) {
    if (!report.engine().startsWith("cuda")) {
      return;
    }
    Map<String, Row> shown = new LinkedHashMap<>();
    for (Row row : report.rows()) {
      if (!peers.of(row.work(), row.parsedSizes()).isEmpty()) {
        shown.putIfAbsent(row.work() + " " + row.sizes() + " " + row.precision(), row);
      }
    }
    if (shown.isEmpty()) {
      return;
    }
    text.append("\n## Beside others on a ").append(peers.device()).append("\n\n");
    text.append(peers.software()).append(". ").append(peers.source());
    text.append(
        " Ours is a CUDA graph that is replayed, on the host's clock, from the call until the device"
            + " is done.\n\n");
    MarkdownTable table =
        new MarkdownTable(
            new Words("work"),
            new Words("sizes"),
            new Words("program"),
            new Words("precision"),
            new Numbers("wall time, ms"),
            new Numbers("kernels alone, ms"),
            new Numbers("CUDA graph, ms"),
            new Numbers("activations, MB"),
            new Numbers("theirs / ours"));
    for (Row row : shown.values()) {
      table.row(
          row.work(),
          row.sizes(),
          "**Sigmoe**",
          row.precision(),
          milliseconds(row.samples()),
          "",
          number(row.samples().median()),
          format("%.1f", row.activationBytes() / 1e6),
          "");
      for (GpuPeers.Figure figure : others(peers, row)) {
        table.row(
            row.work(),
            row.sizes(),
            figure.program(),
            figure.precision(),
            number(figure.milliseconds()),
            optional(figure.deviceMilliseconds()),
            optional(figure.replayMilliseconds()),
            figure.activationMegabytes() == null
                ? ""
                : format("%.1f", figure.activationMegabytes()),
            format("%.2f", figure.milliseconds() / row.samples().median()));
      }
    }
    text.append(table);
  }

  /** Those that compute as precisely, f16 standing beside bf16. */
  private static List<GpuPeers.Figure> others(GpuPeers peers, Row row) {
    List<GpuPeers.Figure> others = new ArrayList<>(peers.of(row.work(), row.parsedSizes()));
    boolean half = row.precision().equals("bf16");
    others.removeIf(
        figure ->
            !(figure.precision().startsWith(row.precision())
                || half && figure.precision().equals("f16")));
    return others;
  }

  private static String optional(@Nullable Double value) {
    return value == null ? "" : number(value);
  }

  private static String format(String pattern, @Nullable Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
