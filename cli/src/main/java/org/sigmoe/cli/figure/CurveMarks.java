package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Curves between axes. */
final class CurveMarks {
  private static final double BAND_OPACITY = 0.16;
  private static final double LINE_OF_BARS_OPACITY = 0.45;
  private static final double CAP = 3;

  private CurveMarks() {}

  /** A curve; what lies outside of the axes is cut off. */
  static Mark of(Curve curve, PlotFrame frame) {
    List<Mark> marks = new ArrayList<>();
    for (List<Curve.Sample> part : parts(curve.samples())) {
      draw(curve, part, frame, marks);
    }
    Box box = frame.box();
    // A point on the edge is seen whole.
    Box clip = new Box(box.x() - 5, box.y() - 5, box.width() + 10, box.height() + 10);
    return new Mark.Group(curve.tags(), curve.name(), Optional.of(clip), marks);
  }

  private static void draw(
      Curve curve, List<Curve.Sample> part, PlotFrame frame, List<Mark> marks) {
    Stroke stroke = curve.stroke();
    List<Point> line = part.stream().map(s -> frame.point(s.x(), s.y())).toList();
    switch (curve.style()) {
      case LINE -> marks.add(lineOrDot(line, stroke));
      case POINTS -> {
        marks.add(new Mark.Line(line, stroke));
        line.forEach(point -> marks.add(new Mark.Disc(point, 3, stroke.ink())));
      }
      case BAND -> {
        marks.add(new Mark.Area(outline(part, frame), stroke.ink(), BAND_OPACITY));
        marks.add(lineOrDot(line, stroke));
      }
      case BARS -> {
        marks.add(
            new Mark.Line(
                line, stroke.with(stroke.width(), stroke.opacity() * LINE_OF_BARS_OPACITY)));
        part.forEach(sample -> bar(sample, frame, stroke, marks));
        line.forEach(point -> marks.add(new Mark.Disc(point, 3.5, stroke.ink())));
      }
    }
  }

  /** A single sample, of which a line would show nothing, is a point. */
  private static Mark lineOrDot(List<Point> line, Stroke stroke) {
    return line.size() == 1
        ? new Mark.Disc(line.getFirst(), 3, stroke.ink())
        : new Mark.Line(line, stroke);
  }

  private static List<Point> outline(List<Curve.Sample> part, PlotFrame frame) {
    List<Point> outline =
        new ArrayList<>(part.stream().map(s -> frame.point(s.x(), s.high())).toList());
    List<Point> lower =
        new ArrayList<>(part.stream().map(s -> frame.point(s.x(), s.low())).toList());
    Collections.reverse(lower);
    outline.addAll(lower);
    return outline;
  }

  private static void bar(Curve.Sample sample, PlotFrame frame, Stroke stroke, List<Mark> marks) {
    Point low = frame.point(sample.x(), sample.low());
    Point high = frame.point(sample.x(), sample.high());
    if (low.equals(high)) {
      return;
    }
    Stroke thin = Stroke.solid(stroke.ink(), 1.25);
    marks.add(new Mark.Line(List.of(low, high), thin));
    for (Point end : List.of(low, high)) {
      marks.add(
          new Mark.Line(
              List.of(new Point(end.x() - CAP, end.y()), new Point(end.x() + CAP, end.y())), thin));
    }
  }

  /** The stretches without gaps. */
  private static List<List<Curve.Sample>> parts(List<Curve.Sample> samples) {
    List<List<Curve.Sample>> parts = new ArrayList<>();
    List<Curve.Sample> part = new ArrayList<>();
    for (Curve.Sample sample : samples) {
      if (sample.isFinite()) {
        part.add(sample);
      } else if (!part.isEmpty()) {
        parts.add(part);
        part = new ArrayList<>();
      }
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
