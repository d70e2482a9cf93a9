package org.sigmoe.cli.figure;

/**
 * A rectangle in pixels.
 *
 * @param x its left edge
 * @param y its upper edge
 * @param width across
 * @param height down
 */
public record Box(double x, double y, double width, double height) {

  double right() {
    return x + width;
  }

  double bottom() {
    return y + height;
  }
}
