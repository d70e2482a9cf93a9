package org.sigmoe.xl.tokenizer.sentencepiece.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A yes or no among the settings of a trainer, which stay in the model. */
public enum TrainerFlag {
  /** No piece has characters of two scripts; kana and Han count as one. */
  SPLIT_BY_UNICODE_SCRIPT(21, Default.ON),
  /** A space begins a piece and is nowhere else in it. */
  SPLIT_BY_WHITESPACE(22, Default.ON),
  /** No piece has a digit beside something else. */
  SPLIT_BY_NUMBER(23, Default.ON),
  /** A space ends a piece instead of beginning it. */
  TREAT_WHITESPACE_AS_SUFFIX(24, Default.OFF),
  /** Every digit is a piece. */
  SPLIT_DIGITS(25, Default.OFF),
  /** Pieces may be several spaces. */
  ALLOW_WHITESPACE_ONLY_PIECES(26, Default.OFF),
  /** What no other piece spells is spelled by the bytes of its UTF-8 form. */
  BYTE_FALLBACK(35, Default.OFF);

  private enum Default {
    ON,
    OFF
  }

  private final int field;
  private final Default byDefault;

  TrainerFlag(int field, Default byDefault) {
    this.field = field;
    this.byDefault = byDefault;
  }

  /** The flags that are on where nothing is said. */
  public static Set<TrainerFlag> defaults() {
    EnumSet<TrainerFlag> on = EnumSet.allOf(TrainerFlag.class);
    on.removeIf(flag -> flag.byDefault == Default.OFF);
    return on;
  }

  /** The reference's name, as {@code split_digits}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The number of its field in a file. */
  int field() {
    return field;
  }
}
