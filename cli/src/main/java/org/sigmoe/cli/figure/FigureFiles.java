package org.sigmoe.cli.figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.sigmoe.cli.output.ResultFile;

/** Writes drawings into folders, on white paper. */
public final class FigureFiles {
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * Nothing written yet.
   *
   * @param warnings hears if PNG cannot be drawn, as on a machine without fonts; once
   */
  public FigureFiles(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  /** What a file is. */
  public enum Format {
    /** Lines and letters. */
    SVG("svg"),
    /** Pixels. */
    PNG("png");

    private final String ending;

    Format(String ending) {
      this.ending = ending;
    }
  }

  /**
   * Writes a drawing as {@code NAME.svg} and so on.
   *
   * @throws IOException if the folder cannot be written
   */
  public void write(Drawing drawing, Path folder, String name, Format... formats)
      throws IOException {
    for (Format format : formats) {
      Path file = folder.resolve(name + "." + format.ending);
      switch (format) {
        case SVG -> ResultFile.write(file, SvgWriter.file(drawing, Palette.LIGHT));
        case PNG -> {
          try {
            ResultFile.write(file, PngWriter.file(drawing, Palette.LIGHT));
          } catch (PngWriter.NoFontsException e) {
            warn(String.valueOf(e.getMessage()));
          }
        }
      }
    }
  }

  private void warn(String text) {
    if (!warned) {
      warnings.accept(text);
    }
    warned = true;
  }
}
