package org.sigmoe.cli.report.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.sigmoe.cli.figure.Axis;
import org.sigmoe.cli.figure.Curve;
import org.sigmoe.cli.figure.LineChart;
import org.sigmoe.cli.figure.Scale;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.cli.statistics.MovingMean;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricsHistory;

/** Losses over steps, tokens or time. */
final class LossCurves {
  static final String VALIDATION = "validation";
  static final String TRAINING = "training";
  static final String RAW = "raw";

  private static final int MOST_SAMPLES = 180;
  private static final int MOST_POINTS = 40;

  /** Runs that last longer are shown in hours. */
  private static final double SECONDS_IN_MINUTES = 3 * 3600.0;

  /** Neighbours on each side that a smoothed loss is a mean over, of all reports. */
  private static final double REACH = 0.02;

  /** The part of the longest run at its beginning that a linear scale need not show. */
  private static final double BEGINNING = 0.1;

  private final List<RunGroup> groups;

  LossCurves(List<RunGroup> groups) {
    this.groups = groups;
  }

  /** What is along the horizontal axis. */
  private enum Across {
    STEPS("steps", "optimiser steps"),
    TOKENS("tokens", "tokens trained on"),
    MINUTES("time", "minutes of training, validation and saving included"),
    HOURS("time", "hours of training, validation and saving included");

    private final String choice;
    private final String title;

    Across(String choice, String title) {
      this.choice = choice;
      this.title = title;
    }

    OptionalDouble of(RunRecord run, MetricsHistory.Entry entry) {
      return switch (this) {
        case STEPS -> OptionalDouble.of(entry.step());
        case TOKENS ->
            entry.get(Metric.TOKENS_SEEN).isPresent()
                ? entry.get(Metric.TOKENS_SEEN)
                : run.tokensPerStep().stream()
                    .mapToDouble(tokens -> (double) tokens * entry.step())
                    .findFirst();
        case MINUTES -> seconds(entry, 60);
        case HOURS -> seconds(entry, 3600);
      };
    }

    private static OptionalDouble seconds(MetricsHistory.Entry entry, double unit) {
      return entry.get(Metric.ELAPSED_SECONDS).stream().map(seconds -> seconds / unit).findFirst();
    }
  }

  private Across time() {
    double longest =
        groups.stream()
            .flatMap(group -> group.runs().stream())
            .flatMapToDouble(run -> run.seconds().stream())
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    return longest > SECONDS_IN_MINUTES ? Across.HOURS : Across.MINUTES;
  }

  /** The figure; empty if nothing was measured. */
  Optional<Figure> figure() {
    List<Figure.Variant> variants = new ArrayList<>();
    for (Across across : List.of(Across.STEPS, Across.TOKENS, time())) {
      List<Curve> curves = curves(across);
      if (curves.isEmpty()) {
        continue;
      }
      variants.add(variant(across, "linear", linear(across, curves)));
      variants.add(variant(across, "logarithmic", logarithmic(across, curves)));
    }
    return variants.isEmpty()
        ? Optional.empty()
        : Optional.of(new Figure("loss", caption(), variants));
  }

  private static Figure.Variant variant(Across across, String scale, LineChart chart) {
    return new Figure.Variant(
        Map.of("x", across.choice, "scale", scale),
        chart.draw(Figure.WIDE, 440),
        chart.draw(Figure.NARROW, 320));
  }

  private String caption() {
    return "Points: validation on held-out text. Thin lines: loss of the training text, the mean of"
        + " each report and its neighbours, 2% of all reports on each side; faint lines: as"
        + " reported. A linear scale leaves out what lies above the plot in the first tenth.";
  }

  /** Raw losses at the back, validation at the front. */
  private List<Curve> curves(Across across) {
    List<Curve> raw = new ArrayList<>();
    List<Curve> smoothed = new ArrayList<>();
    List<Curve> validation = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Identity identity = new Identity(i, groups.get(i).name());
      boolean labelled = false;
      for (RunRecord run : groups.get(i).runs()) {
        List<Curve.Sample> training = samples(run, across, Metric.BITS_PER_TOKEN);
        List<Curve.Sample> valid = samples(run, across, Metric.VALIDATION_BITS_PER_TOKEN);
        if (!training.isEmpty()) {
          raw.add(
              new Curve(
                  run.name() + ", training text",
                  "",
                  identity.tags(RAW),
                  identity.stroke(0.75).with(0.75, 0.3),
                  Thinning.extremes(training, MOST_SAMPLES),
                  Curve.Style.LINE));
          smoothed.add(
              new Curve(
                  run.name() + ", training text, smoothed",
                  valid.isEmpty() && !labelled ? identity.name() : "",
                  identity.tags(TRAINING),
                  identity.stroke(1.25).with(1.25, 0.75),
                  Thinning.even(smooth(training), MOST_SAMPLES),
                  Curve.Style.LINE));
          labelled = labelled || valid.isEmpty();
        }
        if (!valid.isEmpty()) {
          validation.add(
              new Curve(
                  run.name() + ", held-out text",
                  labelled ? "" : identity.name(),
                  identity.tags(VALIDATION),
                  identity.stroke(2),
                  Thinning.even(valid, MOST_SAMPLES),
                  valid.size() <= MOST_POINTS ? Curve.Style.POINTS : Curve.Style.LINE));
          labelled = true;
        }
      }
    }
    List<Curve> curves = new ArrayList<>(raw);
    curves.addAll(smoothed);
    curves.addAll(validation);
    return curves;
  }

  private static List<Curve.Sample> samples(RunRecord run, Across across, Metric metric) {
    List<Curve.Sample> samples = new ArrayList<>();
    for (MetricsHistory.Entry entry : run.metrics().records()) {
      OptionalDouble x = across.of(run, entry);
      OptionalDouble y = entry.get(metric);
      if (x.isPresent() && y.isPresent()) {
        samples.add(Curve.Sample.at(x.getAsDouble(), y.getAsDouble()));
      }
    }
    return samples;
  }

  private static List<Curve.Sample> smooth(List<Curve.Sample> samples) {
    int reach = Math.max(2, (int) Math.round(REACH * samples.size()));
    double[] means = MovingMean.of(samples.stream().mapToDouble(Curve.Sample::y).toArray(), reach);
    List<Curve.Sample> smoothed = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      smoothed.add(Curve.Sample.at(samples.get(i).x(), means[i]));
    }
    return smoothed;
  }

  private LineChart linear(Across across, List<Curve> curves) {
    return chart(
        across,
        Scale.Linear.around(0, xs(curves)),
        Scale.Linear.around(afterTheBeginning(curves)),
        curves);
  }

  private LineChart logarithmic(Across across, List<Curve> curves) {
    return chart(
        across,
        Scale.Logarithmic.around(xs(curves)),
        Scale.Logarithmic.around(
            curves.stream().flatMap(c -> c.samples().stream()).mapToDouble(Curve.Sample::y)),
        curves);
  }

  private LineChart chart(Across across, Scale x, Scale y, List<Curve> curves) {
    String unit =
        groups.stream().map(RunGroup::unit).distinct().count() == 1
            ? groups.getFirst().unit()
            : "token";
    return new LineChart(
        "Loss in bits per %s over %s, a curve for each run".formatted(unit, across.choice),
        new Axis(across.title, x, 6),
        new Axis("bits per " + unit, y, 6),
        curves);
  }

  private static DoubleStream xs(List<Curve> curves) {
    return curves.stream().flatMap(c -> c.samples().stream()).mapToDouble(Curve.Sample::x);
  }

  /** What comes after the beginning of the longest curve, and the last sample of each. */
  private static DoubleStream afterTheBeginning(List<Curve> curves) {
    double from = BEGINNING * xs(curves).max().orElse(0);
    return curves.stream()
        .map(Curve::samples)
        .flatMap(samples -> samples.stream().filter(s -> s.x() >= from || s == samples.getLast()))
        .mapToDouble(Curve.Sample::y);
  }
}
