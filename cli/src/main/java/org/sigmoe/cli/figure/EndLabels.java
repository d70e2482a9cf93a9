package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The labels of curves, to the right of where they end, moved apart where these are close. */
final class EndLabels {
  private static final double LINE_HEIGHT = 15;
  private static final double GAP = 14;
  private static final double FAR = 4;

  private EndLabels() {}

  /** A label and how high up it is to be. */
  private record Label(Curve curve, Point end, double y) {
    Label at(double other) {
      return new Label(curve, end, other);
    }
  }

  /** How much room they need to the right of the plot. */
  static double width(List<Curve> curves) {
    return curves.stream()
        .filter(curve -> !curve.label().isEmpty())
        .mapToDouble(curve -> GAP + style(curve).width(curve.label()))
        .max()
        .orElse(0);
  }

  /** Whether they fit beside a plot of a height. */
  static boolean fit(List<Curve> curves, double height) {
    return LINE_HEIGHT * curves.stream().filter(curve -> !curve.label().isEmpty()).count()
        <= height;
  }

  static List<Mark> of(List<Curve> curves, PlotFrame frame) {
    List<Label> labels = new ArrayList<>();
    for (Curve curve : curves) {
      lastOf(curve)
          .filter(_ -> !curve.label().isEmpty())
          .map(sample -> frame.point(sample.x(), sample.y()))
          .ifPresent(end -> labels.add(new Label(curve, end, within(end.y(), frame.box()))));
    }
    labels.sort(Comparator.comparingDouble(Label::y));
    List<Mark> marks = new ArrayList<>();
    for (Label label : apart(labels, frame.box())) {
      double left = frame.box().right() + GAP;
      List<Mark> parts = new ArrayList<>();
      if (Math.abs(label.y() - label.end().y()) > FAR
          || frame.box().right() - label.end().x() > GAP) {
        parts.add(
            new Mark.Line(
                List.of(
                    new Point(label.end().x() + 4, within(label.end().y(), frame.box())),
                    new Point(left - 3, label.y())),
                Stroke.solid(label.curve().stroke().ink(), 0.75).with(0.75, 0.5)));
      }
      parts.add(
          new Mark.Text(
              new Point(left, label.y() + 4), label.curve().label(), style(label.curve())));
      marks.add(
          new Mark.Group(label.curve().tags(), label.curve().name(), Optional.empty(), parts));
    }
    return marks;
  }

  /** Pushes labels down until none is on another, then up again from the lower edge. */
  private static List<Label> apart(List<Label> labels, Box box) {
    List<Label> placed = new ArrayList<>();
    double least = Double.NEGATIVE_INFINITY;
    for (Label label : labels) {
      double y = Math.max(label.y(), least);
      placed.add(label.at(y));
      least = y + LINE_HEIGHT;
    }
    double most = box.bottom();
    for (int i = placed.size() - 1; i >= 0; i--) {
      double y = Math.min(placed.get(i).y(), most);
      placed.set(i, placed.get(i).at(y));
      most = y - LINE_HEIGHT;
    }
    return placed;
  }

  private static double within(double y, Box box) {
    return Math.clamp(y, box.y(), box.bottom());
  }

  private static Optional<Curve.Sample> lastOf(Curve curve) {
    return curve.samples().reversed().stream().filter(Curve.Sample::isFinite).findFirst();
  }

  private static TextStyle style(Curve curve) {
    return TextStyle.label(curve.stroke().ink(), TextStyle.Anchor.START);
  }
}
