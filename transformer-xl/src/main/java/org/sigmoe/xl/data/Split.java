package org.sigmoe.xl.data;

import java.util.Locale;

/** The three parts of a corpus. */
public enum Split {
  /** What the model learns from. */
  TRAIN,
  /** What decides, during training, which checkpoint is best. */
  VALID,
  /** What the final result is measured on. */
  TEST;

  /** The name in messages, options and file names: {@code train}, {@code valid}, {@code test}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
