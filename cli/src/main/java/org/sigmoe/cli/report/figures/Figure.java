package org.sigmoe.cli.report.figures;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sigmoe.cli.figure.Drawing;

/**
 * A figure of a report.
 *
 * @param id its name in the page and of its files
 * @param caption what it shows and how it was made, in sentences
 * @param variants the ways in which it can be shown, the first of them at first
 */
public record Figure(String id, String caption, List<Variant> variants) {

  /** Width of drawings for a page on a wide display, and on paper, in pixels. */
  public static final double WIDE = 960;

  /** Width of drawings for a telephone, in pixels. */
  public static final double NARROW = 350;

  /**
   * A way in which a figure can be shown.
   *
   * @param choices what tells it from the others, as {@code x} to {@code steps}; empty where there
   *     are no others
   * @param wide for a wide display
   * @param narrow for a narrow one
   */
  public record Variant(Map<String, String> choices, Drawing wide, Drawing narrow) {
    /** Copies the choices. */
    public Variant {
      choices = Map.copyOf(choices);
    }
  }

  /** Copies the variants. */
  public Figure {
    variants = List.copyOf(variants);
  }

  /** A figure that is shown in one way. */
  static Figure of(String id, String caption, Drawing wide, Drawing narrow) {
    return new Figure(id, caption, List.of(new Variant(Map.of(), wide, narrow)));
  }

  /** What the file of a variant is called, without its ending: {@code loss-tokens-linear}. */
  public String fileName(Variant variant) {
    return Stream.of("x", "scale")
        .map(variant.choices()::get)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("-", variant.choices().isEmpty() ? id : id + "-", ""));
  }
}
