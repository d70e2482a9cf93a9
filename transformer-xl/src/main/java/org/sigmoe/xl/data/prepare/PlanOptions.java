package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.sigmoe.xl.data.documents.TextLayout;

/**
 * What a user says of a data set that is to be prepared.
 *
 * @param from files and folders to make it of; empty to fetch it from its public address
 * @param tokenizer {@code bytes}, {@code characters}, {@code bpe} or the file of one; empty for the
 *     usual one
 * @param vocabulary how many pieces to train, where the tokenizer is trained
 * @param limitTokens how many tokens the train split may have
 * @param testTokens how many tokens the test split may have, where it is a part of the validation
 *     texts
 * @param field where documents have their text
 * @param separator what is put after each document
 */
public record PlanOptions(
    List<Path> from,
    Optional<String> tokenizer,
    OptionalInt vocabulary,
    OptionalLong limitTokens,
    OptionalLong testTokens,
    String field,
    String separator) {

  /** Nothing said: everything as published. */
  public static final PlanOptions PUBLISHED =
      new PlanOptions(
          List.of(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          TextLayout.DEFAULT_FIELD,
          DocumentReading.PUBLISHED_SEPARATOR);

  /** Copies the list and checks the limits. */
  public PlanOptions {
    from = List.copyOf(from);
    requirePositive("limit tokens", limitTokens);
    requirePositive("test tokens", testTokens);
    if (vocabulary.isPresent() && vocabulary.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "vocab size: must be at least 1, got " + vocabulary.getAsInt());
    }
  }

  private static void requirePositive(String name, OptionalLong value) {
    if (value.isPresent() && value.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "%s: must be at least 1, got %d".formatted(name, value.getAsLong()));
    }
  }

  DocumentReading reading() {
    return new DocumentReading(field, separator);
  }

  /** What a data set says of its making: the tokenizer, and how many train tokens there may be. */
  Map<String, String> settings(TokenizerChoice tokenizer) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("tokenizer", TokenizerWish.describe(tokenizer));
    limitTokens.ifPresent(limit -> settings.put("limitTokens", Long.toString(limit)));
    return settings;
  }

  /** The window of the train split. */
  TokenWindow trainWindow() {
    return limitTokens.isPresent() ? TokenWindow.first(limitTokens.getAsLong()) : TokenWindow.ALL;
  }
}
