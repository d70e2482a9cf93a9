package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * Small charts beside each other, with the same axes.
 *
 * @param description what they show, for those who do not see them
 * @param x the horizontal axis of all
 * @param y the vertical axis of all
 * @param panels in reading order
 */
public record PanelChart(String description, Axis x, Axis y, List<Panel> panels) {
  private static final double LEAST_WIDTH = 130;
  private static final double HEIGHT = 150;
  private static final double TITLE = 22;
  private static final double GAP = 18;
  private static final double HEAD = 24;
  private static final double FOOT = 44;

  /**
   * One of the charts.
   *
   * @param title above it
   * @param curves from the back to the front
   */
  public record Panel(String title, List<Curve> curves) {
    /** Copies the curves. */
    public Panel {
      curves = List.copyOf(curves);
    }
  }

  /** Copies the panels. */
  public PanelChart {
    panels = List.copyOf(panels);
  }

  /** Draws them, as many in a row as the width has room for; the height follows. */
  public Drawing draw(double width) {
    double left = 12 + PlotFrame.yLabels(y);
    int columns =
        Math.clamp((long) ((width - left) / (LEAST_WIDTH + GAP)), 1, Math.max(1, panels.size()));
    int rows = (panels.size() + columns - 1) / columns;
    double cell = (width - left - 8 - GAP * (columns - 1)) / columns;
    double row = TITLE + HEIGHT + GAP + 10;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark.Text(new Point(0, 12), y.title(), TextStyle.muted(TextStyle.Anchor.START)));
    for (int i = 0; i < panels.size(); i++) {
      int rowOfPanel = i / columns;
      Box box =
          new Box(left + i % columns * (cell + GAP), HEAD + TITLE + rowOfPanel * row, cell, HEIGHT);
      panel(panels.get(i), box, i % columns == 0, marks);
    }
    marks.add(
        new Mark.Text(
            new Point(left + (width - left - 8) / 2, HEAD + rows * row + 18),
            x.title(),
            TextStyle.muted(TextStyle.Anchor.MIDDLE)));
    return new Drawing(width, HEAD + rows * row + FOOT - GAP, description, marks);
  }

  private void panel(Panel panel, Box box, boolean first, List<Mark> marks) {
    PlotFrame frame =
        new PlotFrame(box, new Axis("", x.scale(), x.ticks()), new Axis("", y.scale(), y.ticks()));
    // Only the first of a row has numbers at its vertical axis.
    frame.marks().stream().filter(mark -> first || !isLeftOf(mark, box)).forEach(marks::add);
    marks.add(
        new Mark.Text(
            new Point(box.x(), box.y() - 8),
            panel.title(),
            TextStyle.title(TextStyle.Anchor.START)));
    panel.curves().forEach(curve -> marks.add(CurveMarks.of(curve, frame)));
  }

  private static boolean isLeftOf(Mark mark, Box box) {
    return mark instanceof Mark.Text text && text.place().x() < box.x();
  }
}
