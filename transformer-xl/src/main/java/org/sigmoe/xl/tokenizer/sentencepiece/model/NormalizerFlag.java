package org.sigmoe.xl.tokenizer.sentencepiece.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A yes or no among the settings of the normaliser; each is on where nothing is said. */
public enum NormalizerFlag {
  /** A text begins as if there were a space before it. */
  ADD_DUMMY_PREFIX(3),
  /** Spaces at both ends are removed, and all but one of several. */
  REMOVE_EXTRA_WHITESPACES(4),
  /** A space becomes U+2581. */
  ESCAPE_WHITESPACES(5);

  private final int field;

  NormalizerFlag(int field) {
    this.field = field;
  }

  /** The flags that are on where nothing is said. */
  public static Set<NormalizerFlag> defaults() {
    return EnumSet.allOf(NormalizerFlag.class);
  }

  /** The reference's name, as {@code add_dummy_prefix}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The number of its field in a file. */
  int field() {
    return field;
  }
}
