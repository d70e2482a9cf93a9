package org.sigmoe.cli.figure;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Colours for numbers from 0 to 1, evenly spaced between stops.
 *
 * @param stops {@code 0xrrggbb}, from 0 to 1
 */
public record ColourRamp(List<Integer> stops) {

  /**
   * From dark blue over grey to yellow, lighter all the way, alike to readers with and without
   * colour blindness (after Nunez, Anderton and Renslow 2018).
   */
  public static final ColourRamp CIVIDIS =
      new ColourRamp(List.of(0x00224e, 0x2a3f6d, 0x575d6d, 0x7d7c78, 0xa59c74, 0xd2c060, 0xfee838));

  /** Copies, and checks that there are two stops. */
  public ColourRamp {
    stops = List.copyOf(stops);
    if (stops.size() < 2) {
      throw new IllegalArgumentException("a ramp needs two stops");
    }
  }

  /** The colour of a number; what lies outside of [0, 1] counts as its nearer end. */
  int colour(double number) {
    double place = Math.clamp(number, 0, 1) * (stops.size() - 1);
    int index = Math.min((int) place, stops.size() - 2);
    double part = place - index;
    int low = stops.get(index);
    int high = stops.get(index + 1);
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double channel = (1 - part) * (low >> shift & 0xff) + part * (high >> shift & 0xff);
      colour |= (int) Math.round(channel) << shift;
    }
    return colour;
  }

  /** A pixel for each cell. */
  BufferedImage image(List<List<Double>> rows) {
    BufferedImage image =
        new BufferedImage(rows.getFirst().size(), rows.size(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < rows.size(); y++) {
      for (int x = 0; x < rows.get(y).size(); x++) {
        image.setRGB(x, y, colour(rows.get(y).get(x)));
      }
    }
    return image;
  }

  /** An image as a PNG file. */
  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java cannot write PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
