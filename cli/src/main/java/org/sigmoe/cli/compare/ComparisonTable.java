package org.sigmoe.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.statistics.Spread;

/** A comparison as a table, for the terminal and in Markdown. */
final class ComparisonTable {
  private static final List<String> HEADINGS =
      List.of(
          "model",
          "family",
          "bits/token",
          "+-",
          "perplexity",
          "parameters",
          "difference",
          "FF FLOPs of dense",
          "tokens/s",
          "memory");

  private static final String LEGEND =
      """
      Bits per token (with byte tokens, bits per byte) of held-out text after the last step: the
      mean over the seeds, and the standard deviation of one seed. Perplexity is 2^bits. Differences
      of parameters are against %1$s. FLOPs are those of the forward pass of a feed-forward block, in
      percent of a dense block with the parameters of a block of %1$s. Tokens per second are a median,
      training alone. Memory is what a training takes on its engine, as planned before it starts.
      """;

  private ComparisonTable() {}

  /** The lines for a terminal. */
  static List<String> lines(Comparison comparison) {
    Table table = new Table(HEADINGS.toArray(String[]::new)).leftAligned(1);
    comparison.rows().forEach(row -> table.row(cells(comparison, row).toArray(String[]::new)));
    List<String> lines = new ArrayList<>(table.lines());
    comparison.note().ifPresent(note -> lines.addAll(List.of("", note)));
    return lines;
  }

  /** A document with the table, what its columns mean, and the plots. */
  static String markdown(Comparison comparison) {
    StringBuilder text = new StringBuilder("# Comparison\n\n");
    text.append(comparison.conditions()).append(".\n\n");
    text.append(markdownRow(HEADINGS));
    text.append(
        markdownRow(
            Stream.concat(Stream.of("---", "---"), Stream.generate(() -> "--:"))
                .limit(HEADINGS.size())
                .toList()));
    comparison.rows().forEach(row -> text.append(markdownRow(cells(comparison, row))));
    comparison.note().ifPresent(note -> text.append('\n').append(note).append(".\n"));
    text.append('\n').append(LEGEND.formatted(comparison.baseline().name())).append('\n');
    text.append("![Bits per token over the steps](").append(ComparisonPlots.CURVES).append(".svg)");
    text.append("\n\n![Bits per token against FLOPs](").append(ComparisonPlots.FLOPS);
    text.append(".svg)\n");
    return text.toString();
  }

  private static List<String> cells(Comparison comparison, ComparisonRow row) {
    Spread bits = row.bitsPerToken();
    return List.of(
        row.name(),
        row.report().feedForward().family(),
        String.format(Locale.ROOT, "%.4f", bits.mean()),
        bits.count() == 1 ? "-" : String.format(Locale.ROOT, "%.4f", bits.deviation()),
        String.format(Locale.ROOT, "%.3f", row.perplexity()),
        Units.count(row.report().parameters()),
        String.format(Locale.ROOT, "%+,d", comparison.parameterDifference(row)),
        Units.percent(comparison.percentOfDense(row)),
        Units.count(Math.round(row.tokensPerSecond())),
        Units.bytes(row.report().memory().total()));
  }

  private static String markdownRow(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
