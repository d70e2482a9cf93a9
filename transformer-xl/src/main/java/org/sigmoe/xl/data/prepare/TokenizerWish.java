package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.sigmoe.xl.data.prepare.TokenizerChoice.Sentences;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

/** What {@code --tokenizer} and {@code --vocab-size} mean. */
final class TokenizerWish {
  private TokenizerWish() {}

  /**
   * The tokenizer that the user wishes.
   *
   * @param usual where the user wishes none
   * @param training what one is trained on, if that is the usual
   * @param sentences what of it is a sentence
   */
  static TokenizerChoice choose(
      PlanOptions options, String usual, List<Portion> training, Sentences sentences) {
    String wish = options.tokenizer().orElse(usual);
    return switch (wish) {
      case "bytes" -> new TokenizerChoice.Seen(Symbols.BYTES);
      case "characters" -> new TokenizerChoice.Seen(Symbols.CHARACTERS);
      case TRAIN ->
          new TokenizerChoice.Trained(
              options.vocabulary().orElse(TokenizerChoice.Trained.PUBLISHED_VOCABULARY),
              training,
              sentences);
      default -> new TokenizerChoice.Given(Path.of(wish));
    };
  }

  /** The usual one is trained. */
  static final String TRAIN = "bpe";

  /** What a data set says of a tokenizer. */
  static String describe(TokenizerChoice choice) {
    return switch (choice) {
      case TokenizerChoice.Given given -> given.file().toString();
      case TokenizerChoice.Seen(Symbols symbols) -> symbols.name().toLowerCase(Locale.ROOT);
      case TokenizerChoice.Trained trained ->
          "BPE of %d pieces, digits split".formatted(trained.vocabulary());
    };
  }
}
