package org.sigmoe.cli.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;

/** How a model is used, for people. */
public final class AnalysisText {
  private static final int MOST_USED = 3;

  private AnalysisText() {}

  /** The lines of its tables. */
  public static List<String> lines(ModelAnalysis analysis, String text) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s bits/token over %s tokens of %s"
            .formatted(
                Units.bits(analysis.result().bitsPerToken()),
                Units.count(analysis.result().tokens()),
                text));
    lines.add("");
    table(
        lines,
        analysis,
        LayerAnalysis::units,
        AnalysisText::cells,
        "layer",
        "units",
        "active",
        "+-",
        "of all",
        "never active");
    table(
        lines,
        analysis,
        LayerAnalysis::experts,
        AnalysisText::cells,
        "layer",
        "experts",
        "a token",
        "relative perplexity",
        "dead",
        "most used");
    table(
        lines,
        analysis,
        LayerAnalysis::values,
        AnalysisText::cells,
        "layer",
        "values",
        "a token",
        "relative perplexity",
        "entropy",
        "used");
    if (analysis.layers().isEmpty()) {
      lines.add("The feed-forward blocks of this model offer nothing to look at.");
    }
    return lines;
  }

  private static <T> void table(
      List<String> lines,
      ModelAnalysis analysis,
      Function<LayerAnalysis, Optional<T>> what,
      Function<T, List<String>> cells,
      String... headings) {
    Table table = new Table(headings);
    boolean any = false;
    for (LayerAnalysis layer : analysis.layers()) {
      Optional<T> found = what.apply(layer);
      if (found.isPresent()) {
        List<String> row = new ArrayList<>(List.of(layer.name()));
        row.addAll(cells.apply(found.get()));
        table.row(row.toArray(String[]::new));
        any = true;
      }
    }
    if (any) {
      lines.addAll(table.lines());
      lines.add("");
    }
  }

  private static List<String> cells(UnitUse units) {
    return List.of(
        Units.count(units.units()),
        decimal(1, units.mean()),
        decimal(1, units.deviation()),
        Units.percent(100 * units.share()),
        Units.count(units.neverActive()));
  }

  private static List<String> cells(ExpertUse experts) {
    Use use = experts.use();
    List<String> most =
        use.sorted().stream().limit(MOST_USED).map(share -> Units.percent(100 * share)).toList();
    return List.of(
        Units.count(use.choices()),
        Units.count(use.perToken()),
        decimal(3, use.relativePerplexity()),
        Units.count(use.unused()),
        String.join(" ", most));
  }

  private static List<String> cells(Use values) {
    return List.of(
        Units.count(values.choices()),
        Units.count(values.perToken()),
        decimal(3, values.relativePerplexity()),
        decimal(2, values.entropy()),
        Units.percent(100 * values.usedShare()));
  }

  private static String decimal(int digits, double number) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }
}
