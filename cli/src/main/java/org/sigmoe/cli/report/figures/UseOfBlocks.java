package org.sigmoe.cli.report.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.figure.Axis;
import org.sigmoe.cli.figure.Curve;
import org.sigmoe.cli.figure.Drawing;
import org.sigmoe.cli.figure.HeatMaps;
import org.sigmoe.cli.figure.LineChart;
import org.sigmoe.cli.figure.PanelChart;
import org.sigmoe.cli.figure.Scale;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;

/** How texts use the feed-forward blocks, where runs were analysed. */
final class UseOfBlocks {
  private static final int MOST_SAMPLES = 160;
  private static final Pattern NAME = Pattern.compile("\\.(\\d{1,6})\\.");

  private final List<RunGroup> groups;

  UseOfBlocks(List<RunGroup> groups) {
    this.groups = groups;
  }

  /** Sorted shares of experts, a panel for each layer (the paper's figures 3 and 7). */
  Optional<Figure> experts() {
    return shares(
        "experts",
        "expert, from the most to the least used",
        layer -> layer.experts().map(ExpertUse::use),
        "How much each expert is used: its share in the weights of all selections, sorted, layer by"
            + " layer (figures 3 and 7 of Csordás et al. 2023). An even use is a level line; experts"
            + " that are never selected are left out, so that a line ends before them.");
  }

  /** Sorted shares of the values of product-key memories. */
  Optional<Figure> values() {
    return shares(
        "values",
        "value, from the most to the least used",
        LayerAnalysis::values,
        "How much each value of a product-key memory is used: its share in the weights of all"
            + " selections, sorted, layer by layer.");
  }

  private Optional<Figure> shares(
      String id, String title, Function<LayerAnalysis, Optional<Use>> what, String caption) {
    Map<Integer, List<Curve>> layers = new TreeMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Identity identity = new Identity(i, groups.get(i).name());
      for (RunRecord run : groups.get(i).runs()) {
        for (LayerAnalysis layer : layers(run)) {
          what.apply(layer)
              .ifPresent(
                  use ->
                      layers
                          .computeIfAbsent(number(layer), _ -> new ArrayList<>())
                          .add(curve(use, run, identity)));
        }
      }
    }
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    PanelChart chart =
        new PanelChart(
            "Sorted shares, a panel for each layer",
            new Axis(title, ranks(layers), 3),
            new Axis("share", shareScale(layers), 5),
            layers.entrySet().stream()
                .map(layer -> new PanelChart.Panel("Layer " + layer.getKey(), layer.getValue()))
                .toList());
    return Optional.of(Figure.of(id, caption, chart.draw(Figure.WIDE), chart.draw(Figure.NARROW)));
  }

  private static Scale ranks(Map<Integer, List<Curve>> layers) {
    return new Scale.Linear(0, 1 + samples(layers).mapToDouble(Curve.Sample::x).max().orElse(1));
  }

  private static Scale shareScale(Map<Integer, List<Curve>> layers) {
    return Scale.Logarithmic.around(samples(layers).mapToDouble(Curve.Sample::y));
  }

  private static Stream<Curve.Sample> samples(Map<Integer, List<Curve>> layers) {
    return layers.values().stream().flatMap(List::stream).flatMap(c -> c.samples().stream());
  }

  private static Curve curve(Use use, RunRecord run, Identity identity) {
    List<Curve.Sample> samples = new ArrayList<>();
    List<Double> sorted = use.sorted();
    for (int rank = 0; rank < sorted.size(); rank++) {
      if (sorted.get(rank) > 0) {
        samples.add(Curve.Sample.at(rank + 1.0, sorted.get(rank)));
      }
    }
    return new Curve(
        "%s: %d of %d never used, relative perplexity %.3f"
            .formatted(run.name(), use.unused(), use.choices(), use.relativePerplexity()),
        "",
        identity.tags(),
        identity.stroke(1.5),
        Thinning.even(samples, MOST_SAMPLES),
        Curve.Style.LINE);
  }

  /** Active units of each layer (the paper's figures 1, 4 and 5). */
  Optional<Figure> units() {
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Identity identity = new Identity(i, groups.get(i).name());
      String label = identity.name();
      for (RunRecord run : groups.get(i).runs()) {
        List<Curve.Sample> samples = unitSamples(layers(run));
        if (!samples.isEmpty()) {
          curves.add(
              new Curve(
                  run.name(),
                  label,
                  identity.tags(),
                  identity.stroke(1.5),
                  samples,
                  Curve.Style.BARS));
          label = "";
        }
      }
    }
    if (curves.isEmpty()) {
      return Optional.empty();
    }
    List<Curve> apart = apart(curves);
    List<Curve.Sample> all = curves.stream().flatMap(c -> c.samples().stream()).toList();
    double layers = all.stream().mapToDouble(Curve.Sample::x).max().orElse(1);
    LineChart chart =
        new LineChart(
            "Active hidden units of each layer",
            new Axis("layer", new Scale.Linear(-0.5, layers + 0.5), Math.min(12, (int) layers + 1)),
            new Axis(
                "active units",
                Scale.Linear.around(0, all.stream().mapToDouble(Curve.Sample::high)),
                5),
            apart);
    return Optional.of(
        Figure.of(
            "units",
            "How many hidden units of a block are active (not 0) for a token: the mean over the"
                + " tokens and their standard deviation (figure 1 of Csordás et al. 2023).",
            chart.draw(Figure.WIDE, 320),
            chart.draw(Figure.NARROW, 280)));
  }

  /** Curves side by side, so that the bars of a layer can be told apart. */
  private static List<Curve> apart(List<Curve> curves) {
    double distance = Math.min(0.06, 0.5 / curves.size());
    List<Curve> apart = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      double shift = distance * (i - (curves.size() - 1) / 2.0);
      apart.add(curves.get(i).shifted(shift));
    }
    return apart;
  }

  private static List<Curve.Sample> unitSamples(List<LayerAnalysis> layers) {
    List<Curve.Sample> samples = new ArrayList<>();
    for (LayerAnalysis layer : layers) {
      Optional<UnitUse> units = layer.units();
      if (units.isPresent()) {
        double mean = units.get().mean();
        double deviation = units.get().deviation();
        samples.add(
            new Curve.Sample(number(layer), mean, Math.max(0, mean - deviation), mean + deviation));
      }
    }
    return samples;
  }

  /** Which experts occur together in a run (the paper's figure 6). */
  static Optional<Figure> coOccurrence(RunRecord run, int number) {
    List<HeatMaps.HeatMap> maps = new ArrayList<>();
    for (LayerAnalysis layer : layers(run)) {
      layer
          .experts()
          .filter(UseOfBlocks::anyTogether)
          .ifPresent(
              experts ->
                  maps.add(new HeatMaps.HeatMap("Layer " + number(layer), experts.coOccurrence())));
    }
    if (maps.isEmpty()) {
      return Optional.empty();
    }
    HeatMaps chart =
        new HeatMaps(
            "Which experts of %s occur together".formatted(run.name()),
            "share of a row",
            "rows: an expert; columns: those selected beside it; both in their own order",
            maps);
    Drawing wide = chart.draw(Figure.WIDE);
    return Optional.of(
        Figure.of(
            "together-" + number,
            "Which experts of %s are selected for the same token: of those beside the row's expert,"
                    .formatted(run.name())
                + " the part that is the column's (figure 6 of Csordás et al. 2023). The diagonal is"
                + " left out.",
            wide,
            chart.draw(Figure.NARROW)));
  }

  private static boolean anyTogether(ExpertUse experts) {
    return experts.coOccurrence().stream().flatMap(List::stream).anyMatch(share -> share > 0);
  }

  /** The number of a layer, as it stands in its name: {@code layers.0.feed_forward}. */
  private static int number(LayerAnalysis layer) {
    Matcher name = NAME.matcher(layer.name());
    return name.find() ? Integer.parseInt(name.group(1)) : 0;
  }

  private static List<LayerAnalysis> layers(RunRecord run) {
    return run.analysis().map(RunAnalysis::found).map(found -> found.layers()).orElse(List.of());
  }
}
