package org.sigmoe.cli.report.figures;

import java.util.Map;
import org.sigmoe.cli.figure.Stroke;

/**
 * How a figure shows that something is of a configuration.
 *
 * @param number of the configuration, from 0
 * @param name of it
 */
record Identity(int number, String name) {
  /** By which a page finds what is of a configuration. */
  private static final String TAG = "group";

  Map<String, String> tags() {
    return Map.of(TAG, Integer.toString(number));
  }

  Map<String, String> tags(String layer) {
    return Map.of(TAG, Integer.toString(number), "layer", layer);
  }

  Stroke stroke(double width) {
    return Stroke.ofSeries(number, width);
  }
}
