package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.prepare.TokenizerChoice.Sentences;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

/** What {@code --tokenizer} and {@code --vocab-size} mean. */
final class TokenizerWish {
  /** One that is trained. */
  static final String TRAIN = "bpe";

  private TokenizerWish() {}

  /**
   * The tokenizer that the user wishes.
   *
   * @param usual where the user wishes none
   * @param training what one is trained on, if it is to be
   * @param sentences what of it is a sentence
   * @throws DataException if a size is wished for one that has its own
   */
  static TokenizerChoice choose(
      PlanOptions options, String usual, List<Portion> training, Sentences sentences) {
    String wish = options.tokenizer().orElse(usual);
    if (options.vocabulary().isPresent() && !wish.equals(TRAIN)) {
      throw new DataException(
          "--vocab-size is for a tokenizer that is trained, and not for %s; leave it away"
              .formatted(wish));
    }
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
