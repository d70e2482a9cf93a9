package org.sigmoe.cli.figure;

import java.util.List;

/**
 * A figure, ready to be written.
 *
 * @param width in pixels
 * @param height in pixels
 * @param description what it shows, for those who do not see it
 * @param marks from the back to the front
 */
public record Drawing(double width, double height, String description, List<Mark> marks) {
  /** Copies the marks. */
  public Drawing {
    marks = List.copyOf(marks);
  }
}
