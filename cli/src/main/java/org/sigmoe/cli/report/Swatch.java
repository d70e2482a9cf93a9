package org.sigmoe.cli.report;

import java.util.List;
import org.sigmoe.cli.figure.Drawing;
import org.sigmoe.cli.figure.Mark;
import org.sigmoe.cli.figure.Point;
import org.sigmoe.cli.figure.Stroke;

/** The line of a configuration in the figures, small. */
final class Swatch {
  private static final double WIDTH = 22;
  private static final double HEIGHT = 8;

  private Swatch() {}

  static void write(Html html, int group) {
    html.open("span", "class", "swatch", "aria-hidden", "true")
        .drawing(
            new Drawing(
                WIDTH,
                HEIGHT,
                "",
                List.of(
                    new Mark.Line(
                        List.of(new Point(0, HEIGHT / 2), new Point(WIDTH, HEIGHT / 2)),
                        Stroke.ofSeries(group, 3)))))
        .close();
  }
}
