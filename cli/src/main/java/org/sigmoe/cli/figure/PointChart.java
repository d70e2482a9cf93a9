package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Things as labelled points between two axes, each with how far it varies upwards and downwards.
 *
 * @param description what it shows, for those who do not see it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param items the things
 */
public record PointChart(String description, Axis x, Axis y, List<Item> items) {
  private static final double TOP = 28;
  private static final double BOTTOM = 46;
  private static final double LINE_HEIGHT = 15;

  /**
   * A thing.
   *
   * @param label its name
   * @param tags what a page may find it by
   * @param ink its colour
   * @param sample where it is
   */
  public record Item(String label, Map<String, String> tags, Ink ink, Curve.Sample sample) {
    /** Copies the tags. */
    public Item {
      tags = Map.copyOf(tags);
    }
  }

  /** Copies the items. */
  public PointChart {
    items = List.copyOf(items);
  }

  /** Draws it. */
  public Drawing draw(double width, double height) {
    double left = 12 + PlotFrame.yLabels(y);
    PlotFrame frame =
        new PlotFrame(new Box(left, TOP, width - left - 20, height - TOP - BOTTOM), x, y);
    List<Mark> marks = new ArrayList<>(frame.marks());
    List<Box> taken = new ArrayList<>();
    for (Item item : items) {
      Point at = frame.point(item.sample().x(), item.sample().y());
      taken.add(new Box(at.x() - 5, at.y() - 5, 10, 10));
    }
    items.stream()
        .sorted(Comparator.comparingDouble(item -> -item.sample().y()))
        .forEach(item -> item(item, frame, taken, marks));
    return new Drawing(width, height, description, marks);
  }

  private static void item(Item item, PlotFrame frame, List<Box> taken, List<Mark> marks) {
    Curve curve =
        new Curve(
            item.label(),
            item.label(),
            item.tags(),
            Stroke.solid(item.ink(), 1),
            List.of(item.sample()),
            Curve.Style.BARS);
    marks.add(CurveMarks.of(curve, frame));
    Point at = frame.point(item.sample().x(), item.sample().y());
    double wide = TextStyle.label(item.ink(), TextStyle.Anchor.START).width(item.label());
    boolean toTheRight = at.x() + 8 + wide < frame.box().right() + 16;
    double x = toTheRight ? at.x() + 8 : at.x() - 8 - wide;
    Box place = new Box(x, at.y() - LINE_HEIGHT / 2, wide, LINE_HEIGHT);
    for (int i = 1; overlaps(place, taken) && i < 24; i++) {
      // Above, below, further above, and so on.
      int halfLines = (i + 1) / 2 * (i % 2 == 0 ? 1 : -1);
      double shift = halfLines * LINE_HEIGHT / 2;
      place = new Box(x, at.y() - LINE_HEIGHT / 2 + shift, wide, LINE_HEIGHT);
    }
    taken.add(place);
    TextStyle style =
        TextStyle.label(item.ink(), toTheRight ? TextStyle.Anchor.START : TextStyle.Anchor.END);
    marks.add(
        new Mark.Group(
            item.tags(),
            item.label(),
            Optional.empty(),
            List.of(
                new Mark.Text(
                    new Point(toTheRight ? x : x + wide, place.y() + LINE_HEIGHT / 2 + 4),
                    item.label(),
                    style))));
  }

  private static boolean overlaps(Box box, List<Box> others) {
    return others.stream()
        .anyMatch(
            other ->
                box.x() < other.right()
                    && other.x() < box.right()
                    && box.y() < other.bottom()
                    && other.y() < box.bottom());
  }
}
