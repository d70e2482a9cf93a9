package org.sigmoe.xl.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.checkpoint.FileDigest;

/**
 * What decides the result of a run, in short: by it a checkpoint is known to be of the same
 * configuration and data.
 *
 * @param config 16 hexadecimal digits of all settings that a step or its validation depends on; not
 *     how many steps there are, how often they are reported or saved
 * @param data 16 hexadecimal digits of the corpus
 */
record RunFingerprint(String config, String data) {
  private static final int DIGITS = 16;
  private static final String SEPARATOR = "-";

  static RunFingerprint of(TrainingConfig config, String data) {
    List<Object> settings =
        new ArrayList<>(
            List.of(
                config.model(),
                config.batch().streams(),
                config.optimiser(),
                config.learningRate(),
                config.seed(),
                config.validation()));
    if (config.batch().parts() > 1) {
      settings.add(config.batch()); // sums are rounded otherwise, and dropout masks are others
    }
    String digest = FileDigest.of(settings.toString().getBytes(StandardCharsets.UTF_8)).sha256();
    return new RunFingerprint(digest.substring(0, DIGITS), data);
  }

  /** Of a run that has seen no data yet, and may begin with any. */
  static RunFingerprint withoutData(TrainingConfig config) {
    return of(config, "");
  }

  /** Whether it tells of any data. */
  boolean tellsOfData() {
    return !data.isEmpty();
  }

  /** Reads the text form; one that is none differs from all. */
  static RunFingerprint parse(String text) {
    int separator = text.indexOf(SEPARATOR);
    return separator < 0
        ? new RunFingerprint("", text)
        : new RunFingerprint(text.substring(0, separator), text.substring(separator + 1));
  }

  /** The text form. */
  @Override
  public String toString() {
    return config + SEPARATOR + data;
  }
}
