package org.sigmoe.cli.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Drawings as PNG. */
public final class PngWriter {
  /** Pixels for each pixel of the drawing: sharp in print and on fine displays. */
  private static final int SCALE = 2;

  private final Graphics2D graphics;
  private final Palette palette;

  private PngWriter(Graphics2D graphics, Palette palette) {
    this.graphics = graphics;
    this.palette = palette;
  }

  /**
   * A file.
   *
   * @throws NoFontsException if this machine cannot draw text
   */
  public static byte[] file(Drawing drawing, Palette palette) throws NoFontsException {
    try {
      BufferedImage image =
          new BufferedImage(
              (int) Math.ceil(SCALE * drawing.width()),
              (int) Math.ceil(SCALE * drawing.height()),
              BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      try {
        graphics.setRenderingHint(
            RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
            RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
            RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
            RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.scale(SCALE, SCALE);
        PngWriter writer = new PngWriter(graphics, palette);
        writer.use(Ink.Role.PAPER, 1);
        graphics.fill(new Rectangle2D.Double(0, 0, drawing.width(), drawing.height()));
        writer.all(drawing.marks());
      } finally {
        graphics.dispose();
      }
      return ColourRamp.png(image);
    } catch (LinkageError | InternalError | RuntimeException e) {
      // What the JDK throws where the libraries or fonts that draw text are missing: of runtime
      // exceptions at least three kinds.
      throw new NoFontsException(e);
    }
  }

  /** This machine lacks what draws text. */
  public static final class NoFontsException extends Exception {
    private static final long serialVersionUID = 1L;

    private NoFontsException(Throwable cause) {
      super("PNG cannot be drawn here (" + cause + "); install fontconfig and a font", cause);
    }
  }

  private void all(List<Mark> marks) {
    marks.forEach(this::one);
  }

  private void one(Mark mark) {
    switch (mark) {
      case Mark.Group group -> {
        Shape before = graphics.getClip();
        group
            .clip()
            .ifPresent(
                box ->
                    graphics.clip(
                        new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height())));
        all(group.marks());
        graphics.setClip(before);
      }
      case Mark.Line line -> line(line);
      case Mark.Area area -> {
        use(area.fill(), area.opacity());
        Path2D shape = path(area.corners());
        shape.closePath();
        graphics.fill(shape);
      }
      case Mark.Disc disc -> disc(disc);
      case Mark.Text text -> text(text);
      case Mark.Cells cells -> cells(cells);
    }
  }

  private void line(Mark.Line line) {
    Stroke stroke = line.stroke();
    use(stroke.ink(), stroke.opacity());
    List<Float> pattern = stroke.dash().pattern();
    float[] dash = pattern.isEmpty() ? null : new float[] {pattern.get(0), pattern.get(1)};
    graphics.setStroke(
        new BasicStroke(
            (float) stroke.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0));
    graphics.draw(path(line.points()));
  }

  private void disc(Mark.Disc disc) {
    double radius = disc.radius();
    Ellipse2D circle =
        new Ellipse2D.Double(
            disc.centre().x() - radius, disc.centre().y() - radius, 2 * radius, 2 * radius);
    use(disc.fill(), 1);
    graphics.fill(circle);
    use(Ink.Role.PAPER, 1);
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(circle);
  }

  private void text(Mark.Text text) {
    TextStyle style = text.style();
    int weight = style.weight() == TextStyle.Weight.BOLD ? Font.BOLD : Font.PLAIN;
    Font font = new Font(Font.SANS_SERIF, weight, 1).deriveFont((float) style.size());
    double width = font.getStringBounds(text.text(), graphics.getFontRenderContext()).getWidth();
    double shift =
        switch (style.anchor()) {
          case START -> 0;
          case MIDDLE -> width / 2;
          case END -> width;
        };
    use(style.ink(), 1);
    graphics.setFont(font);
    graphics.drawString(text.text(), (float) (text.place().x() - shift), (float) text.place().y());
  }

  private void cells(Mark.Cells cells) {
    Box box = cells.box();
    BufferedImage image = cells.ramp().image(cells.rows());
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(
        image,
        (int) Math.round(box.x()),
        (int) Math.round(box.y()),
        (int) Math.round(box.width()),
        (int) Math.round(box.height()),
        null);
  }

  private void use(Ink ink, double opacity) {
    Color colour = Color.decode(palette.colour(ink));
    graphics.setColor(
        new Color(
            colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity)));
  }

  private static Path2D path(List<Point> points) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (i == 0) {
        path.moveTo(point.x(), point.y());
      } else {
        path.lineTo(point.x(), point.y());
      }
    }
    return path;
  }
}
