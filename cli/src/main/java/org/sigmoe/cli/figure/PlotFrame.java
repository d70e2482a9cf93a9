package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * The two axes of a chart.
 *
 * @param box what lies between them
 * @param x the horizontal axis
 * @param y the vertical axis
 */
record PlotFrame(Box box, Axis x, Axis y) {
  private static final double TICK_GAP = 7;
  private static final double TITLE_GAP = 36;

  /** Where a place in the units of the axes is in the drawing. */
  Point point(double atX, double atY) {
    return new Point(
        box.x() + box.width() * x.scale().place(atX),
        box.bottom() - box.height() * y.scale().place(atY));
  }

  /** Grid, axes, numbers and titles; the vertical one's stands above it, to be read upright. */
  List<Mark> marks() {
    List<Mark> marks = new ArrayList<>();
    for (Scale.Tick tick : y.scale().ticks(y.ticks())) {
      double at = point(x.scale().least(), tick.value()).y();
      marks.add(line(box.x(), at, box.right(), at, Ink.Role.GRID));
      marks.add(
          new Mark.Text(
              new Point(box.x() - TICK_GAP, at + 4),
              tick.label(),
              TextStyle.muted(TextStyle.Anchor.END)));
    }
    double right = Double.NEGATIVE_INFINITY;
    for (Scale.Tick tick : x.scale().ticks(x.ticks())) {
      double at = point(tick.value(), y.scale().least()).x();
      marks.add(line(at, box.bottom(), at, box.bottom() + 4, Ink.Role.AXIS));
      TextStyle style = TextStyle.muted(TextStyle.Anchor.MIDDLE);
      double half = style.width(tick.label()) / 2;
      if (at - half > right) {
        marks.add(new Mark.Text(new Point(at, box.bottom() + 18), tick.label(), style));
        right = at + half;
      }
    }
    marks.add(line(box.x(), box.bottom(), box.right(), box.bottom(), Ink.Role.AXIS));
    if (!x.title().isEmpty()) {
      marks.add(
          new Mark.Text(
              new Point(box.x() + box.width() / 2, box.bottom() + TITLE_GAP),
              x.title(),
              TextStyle.muted(TextStyle.Anchor.MIDDLE)));
    }
    if (!y.title().isEmpty()) {
      marks.add(
          new Mark.Text(
              new Point(box.x() - yLabels(y) - TICK_GAP, box.y() - 12),
              y.title(),
              TextStyle.muted(TextStyle.Anchor.START)));
    }
    return marks;
  }

  /** How wide the numbers of a vertical axis are. */
  static double yLabels(Axis y) {
    return y.scale().ticks(y.ticks()).stream()
        .mapToDouble(tick -> TextStyle.muted(TextStyle.Anchor.END).width(tick.label()))
        .max()
        .orElse(0);
  }

  private static Mark line(double x1, double y1, double x2, double y2, Ink ink) {
    return new Mark.Line(List.of(new Point(x1, y1), new Point(x2, y2)), Stroke.solid(ink, 1));
  }
}
