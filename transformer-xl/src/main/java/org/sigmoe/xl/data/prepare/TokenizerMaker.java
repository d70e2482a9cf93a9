package org.sigmoe.xl.data.prepare;

import java.util.Set;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.data.documents.TextLayout;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

/** Finds, or makes, the tokenizer of a plan. */
final class TokenizerMaker {
  private final DatasetPlan plan;
  private final Progress progress;
  private final Set<Shard> read;

  /**
   * A maker.
   *
   * @param read gets every shard that is read for it
   */
  TokenizerMaker(DatasetPlan plan, Progress progress, Set<Shard> read) {
    this.plan = plan;
    this.progress = progress;
    this.read = read;
  }

  /**
   * The tokenizer.
   *
   * @throws DataException if there is none such, or the texts for it cannot be read
   */
  StoredTokenizer make() {
    return switch (plan.tokenizer()) {
      case TokenizerChoice.Given given -> StoredTokenizer.open(given.file());
      case TokenizerChoice.Seen(Symbols symbols) -> StoredTokenizer.of(seen(symbols));
      case TokenizerChoice.Trained trained -> train(trained);
    };
  }

  private SymbolTokenizer seen(Symbols symbols) {
    SymbolTokenizer.Collector collector = new SymbolTokenizer.Collector(symbols);
    boolean any = false;
    for (SplitText split : plan.splits()) {
      String activity = "looking for the symbols of the %s split".formatted(split.split().label());
      try (SplitReader reader =
          new SplitReader(
              split.portions(), plan.reading(), TextLayout.Plain.WHOLE, activity, progress, read)) {
        for (SplitReader.Text text = reader.next(); text != null; text = reader.next()) {
          collector.add(text.bytes(), 0, text.bytes().length);
          collector.add(text.separator(), 0, text.separator().length);
          any = true;
        }
      }
    }
    if (!any) {
      throw new DataException("there is no text in what " + plan.name() + " is made of");
    }
    return collector.tokenizer();
  }

  private StoredTokenizer train(TokenizerChoice.Trained trained) {
    throw new DataException(
        ("%s needs a tokenizer of %,d pieces, and none can be trained here yet; give one by"
                + " --tokenizer MODEL")
            .formatted(plan.name(), trained.vocabulary()));
  }
}
