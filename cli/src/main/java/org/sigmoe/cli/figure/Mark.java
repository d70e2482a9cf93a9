package org.sigmoe.cli.figure;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something drawn. */
public sealed interface Mark {

  /**
   * Marks that belong together.
   *
   * @param tags what a page may find them by, as {@code data-} attributes: names of lower-case
   *     letters and their values
   * @param title shown when pointed at; empty for none
   * @param clip what lies outside is not seen
   * @param marks from the back to the front
   */
  record Group(Map<String, String> tags, String title, Optional<Box> clip, List<Mark> marks)
      implements Mark {
    /** Copies. */
    public Group {
      tags = Map.copyOf(tags);
      marks = List.copyOf(marks);
    }
  }

  /** A line through points. */
  record Line(List<Point> points, Stroke stroke) implements Mark {
    /** Copies the points. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /** A filled polygon. */
  record Area(List<Point> corners, Ink fill, double opacity) implements Mark {
    /** Copies the corners. */
    public Area {
      corners = List.copyOf(corners);
    }
  }

  /** A filled circle with an edge in the colour of the paper, so that close ones stay apart. */
  record Disc(Point centre, double radius, Ink fill) implements Mark {}

  /** A line of text; {@code place} is on its base line. */
  record Text(Point place, String text, TextStyle style) implements Mark {}

  /** A table of numbers in [0, 1] as coloured cells, the first row on top. */
  record Cells(Box box, List<List<Double>> rows, ColourRamp ramp) implements Mark {
    /** Copies, and checks that there is a cell and rows are of one length. */
    public Cells {
      rows = rows.stream().map(List::copyOf).toList();
      int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
      if (columns == 0 || rows.stream().anyMatch(row -> row.size() != columns)) {
        throw new IllegalArgumentException("cells need rows of one length, at least 1");
      }
    }
  }
}
