package org.sigmoe.cli.figure;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sigmoe.cli.output.Markup;

/** Drawings as SVG. */
public final class SvgWriter {
  private static final String NAMESPACE = "xmlns=\"http://www.w3.org/2000/svg\"";
  private static final String FONTS =
      "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif";

  private final Function<Ink, String> colours;
  private final StringBuilder svg = new StringBuilder();

  private SvgWriter(Function<Ink, String> colours) {
    this.colours = colours;
  }

  /**
   * An element for a page whose style sheet has the {@linkplain Palette#variable variables} of all
   * inks, so that it changes with the colours of the page. It has no styles and no scripts of its
   * own.
   */
  public static String inPage(Drawing drawing) {
    SvgWriter writer = new SvgWriter(ink -> "var(" + Palette.variable(ink) + ")");
    writer.open(drawing, "");
    writer.all(drawing.marks());
    return writer.svg.append("</svg>").toString();
  }

  /** A file. */
  public static String file(Drawing drawing, Palette palette) {
    SvgWriter writer = new SvgWriter(palette::colour);
    writer.open(
        drawing,
        " %s width=\"%s\" height=\"%s\" font-family=\"%s\""
            .formatted(NAMESPACE, number(drawing.width()), number(drawing.height()), FONTS));
    writer.svg.append(
        "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>"
            .formatted(palette.colour(Ink.Role.PAPER)));
    writer.all(drawing.marks());
    return writer.svg.append("</svg>\n").toString();
  }

  private void open(Drawing drawing, String more) {
    add(
        "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\"%s>",
        number(drawing.width()),
        number(drawing.height()),
        Markup.escape(drawing.description()),
        more);
  }

  private void all(List<Mark> marks) {
    marks.forEach(this::one);
  }

  private void one(Mark mark) {
    switch (mark) {
      case Mark.Group group -> group(group);
      case Mark.Line line -> line(line);
      case Mark.Area area ->
          add(
              "<path d=\"%sZ\" fill=\"%s\" fill-opacity=\"%s\"/>",
              path(area.corners()), colours.apply(area.fill()), number(area.opacity()));
      case Mark.Disc disc ->
          add(
              "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" stroke=\"%s\"/>",
              number(disc.centre().x()),
              number(disc.centre().y()),
              number(disc.radius()),
              colours.apply(disc.fill()),
              colours.apply(Ink.Role.PAPER));
      case Mark.Text text -> text(text);
      case Mark.Cells cells -> cells(cells);
    }
  }

  private void group(Mark.Group group) {
    svg.append("<g");
    new TreeMap<>(group.tags())
        .forEach((name, value) -> add(" data-%s=\"%s\"", name, Markup.escape(value)));
    svg.append('>');
    if (!group.title().isEmpty()) {
      add("<title>%s</title>", Markup.escape(group.title()));
    }
    // A nested picture clips without a name, which would have to be unique in the page.
    group
        .clip()
        .ifPresent(
            box ->
                add(
                    "<svg x=\"%1$s\" y=\"%2$s\" width=\"%3$s\" height=\"%4$s\""
                        + " viewBox=\"%1$s %2$s %3$s %4$s\">",
                    number(box.x()), number(box.y()), number(box.width()), number(box.height())));
    all(group.marks());
    svg.append(group.clip().isPresent() ? "</svg></g>" : "</g>");
  }

  private void line(Mark.Line line) {
    Stroke stroke = line.stroke();
    add(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\"",
        path(line.points()), colours.apply(stroke.ink()), number(stroke.width()));
    if (!stroke.dash().pattern().isEmpty()) {
      add(
          " stroke-dasharray=\"%s\"",
          stroke.dash().pattern().stream().map(SvgWriter::number).collect(Collectors.joining(" ")));
    }
    if (stroke.opacity() < 1) {
      add(" stroke-opacity=\"%s\"", number(stroke.opacity()));
    }
    svg.append("/>");
  }

  private void text(Mark.Text text) {
    TextStyle style = text.style();
    add(
        "<text x=\"%s\" y=\"%s\" font-size=\"%s\" fill=\"%s\"",
        number(text.place().x()),
        number(text.place().y()),
        number(style.size()),
        colours.apply(style.ink()));
    if (style.anchor() != TextStyle.Anchor.START) {
      add(" text-anchor=\"%s\"", style.anchor().name().toLowerCase(Locale.ROOT));
    }
    if (style.weight() == TextStyle.Weight.BOLD) {
      svg.append(" font-weight=\"600\"");
    }
    add(">%s</text>", Markup.escape(text.text()));
  }

  private void cells(Mark.Cells cells) {
    Box box = cells.box();
    add(
        "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\""
            + " image-rendering=\"pixelated\" href=\"data:image/png;base64,%s\"/>",
        number(box.x()),
        number(box.y()),
        number(box.width()),
        number(box.height()),
        Base64.getEncoder().encodeToString(ColourRamp.png(cells.ramp().image(cells.rows()))));
  }

  private static String path(List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(number(point.x()))
          .append(' ')
          .append(number(point.y()));
    }
    return path.toString();
  }

  /** As short as can be, to a tenth of a pixel; parts of 1 (opacities) to a hundredth. */
  private static String number(double value) {
    double scale = Math.abs(value) < 1 ? 100 : 10;
    double rounded = Math.round(value * scale) / scale;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
