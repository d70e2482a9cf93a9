package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves between two axes.
 *
 * @param description what it shows, for those who do not see it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param curves from the back to the front
 */
public record LineChart(String description, Axis x, Axis y, List<Curve> curves) {
  private static final double TOP = 28;
  private static final double BOTTOM = 46;
  private static final double LEFT = 12;
  private static final double RIGHT = 14;

  /** The most of the width that labels may take. */
  private static final double LABELS = 0.3;

  /** Copies the curves. */
  public LineChart {
    curves = List.copyOf(curves);
  }

  /** Draws it. Labels are left out where there is no room for them: a page has a legend. */
  public Drawing draw(double width, double height) {
    double labels = EndLabels.width(curves);
    boolean labelled =
        labels > 0 && labels < LABELS * width && EndLabels.fit(curves, height - TOP - BOTTOM);
    double left = LEFT + PlotFrame.yLabels(y);
    double right = labelled ? labels + 4 : RIGHT;
    PlotFrame frame =
        new PlotFrame(new Box(left, TOP, width - left - right, height - TOP - BOTTOM), x, y);
    List<Mark> marks = new ArrayList<>(frame.marks());
    curves.forEach(curve -> marks.add(CurveMarks.of(curve, frame)));
    if (labelled) {
      marks.addAll(EndLabels.of(curves, frame));
    }
    return new Drawing(width, height, description, marks);
  }
}
