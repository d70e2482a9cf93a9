package org.sigmoe.cli.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Square tables of numbers as colours beside each other, all by one scale from 0.
 *
 * @param description what they show, for those who do not see them
 * @param meaning of a number, under the scale
 * @param axes what rows and columns are
 * @param maps in reading order
 */
public record HeatMaps(String description, String meaning, String axes, List<HeatMap> maps) {
  private static final double LEAST_SIDE = 150;
  private static final double MOST_SIDE = 300;
  private static final double TITLE = 24;
  private static final double GAP = 18;
  private static final double FOOT = 54;
  private static final double BAR_WIDTH = 180;
  private static final int BAR_CELLS = 64;

  /**
   * A table.
   *
   * @param title above it
   * @param rows its numbers, at least 0, the first row on top
   */
  public record HeatMap(String title, List<List<Double>> rows) {
    /** Copies the rows. */
    public HeatMap {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /** Copies the tables. */
  public HeatMaps {
    maps = List.copyOf(maps);
  }

  /** Draws them, as many in a row as the width has room for; the height follows. */
  public Drawing draw(double width) {
    int columns =
        Math.clamp((long) ((width + GAP) / (LEAST_SIDE + GAP)), 1, Math.max(1, maps.size()));
    double side = Math.min(MOST_SIDE, (width - GAP * (columns - 1)) / columns);
    int rows = (maps.size() + columns - 1) / columns;
    double row = TITLE + side + GAP;
    double most = Math.max(Double.MIN_NORMAL, numbers().max().orElse(1));
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      int rowOfMap = i / columns;
      Box box = new Box(i % columns * (side + GAP), TITLE + rowOfMap * row, side, side);
      HeatMap map = maps.get(i);
      marks.add(
          new Mark.Text(
              new Point(box.x(), box.y() - 8),
              map.title(),
              TextStyle.title(TextStyle.Anchor.START)));
      marks.add(new Mark.Cells(box, scaled(map.rows(), most), ColourRamp.CIVIDIS));
    }
    double foot = rows * row + 6;
    bar(foot, most, marks);
    double asideAt = BAR_WIDTH + 90;
    if (asideAt + TextStyle.muted(TextStyle.Anchor.START).width(axes) < width) {
      marks.add(
          new Mark.Text(
              new Point(asideAt, foot + 10), axes, TextStyle.muted(TextStyle.Anchor.START)));
    }
    return new Drawing(width, foot + FOOT - GAP, description, marks);
  }

  private DoubleStream numbers() {
    return maps.stream()
        .flatMap(map -> map.rows().stream())
        .flatMap(List::stream)
        .mapToDouble(Double::doubleValue);
  }

  private void bar(double y, double most, List<Mark> marks) {
    List<Double> cells =
        IntStream.range(0, BAR_CELLS).mapToObj(i -> i / (BAR_CELLS - 1.0)).toList();
    marks.add(new Mark.Cells(new Box(0, y, BAR_WIDTH, 10), List.of(cells), ColourRamp.CIVIDIS));
    TextStyle style = TextStyle.muted(TextStyle.Anchor.START);
    String greatest = String.format(Locale.ROOT, "%.2f", most);
    marks.add(new Mark.Text(new Point(0, y + 26), "0", style));
    marks.add(
        new Mark.Text(
            new Point(BAR_WIDTH, y + 26), greatest, TextStyle.muted(TextStyle.Anchor.END)));
    marks.add(
        new Mark.Text(
            new Point(BAR_WIDTH / 2, y + 26), meaning, TextStyle.muted(TextStyle.Anchor.MIDDLE)));
  }

  private static List<List<Double>> scaled(List<List<Double>> rows, double most) {
    return rows.stream().map(row -> row.stream().map(number -> number / most).toList()).toList();
  }
}
