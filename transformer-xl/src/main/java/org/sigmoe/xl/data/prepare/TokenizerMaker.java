package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.data.documents.TextLayout;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.BpeTrainer;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.TrainingProgress;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.NormalizationRule;

/** Finds, or makes, the tokenizer of a plan. */
final class TokenizerMaker {
  private static final String UNFINISHED_MODEL = "training.model";

  private final DatasetPlan plan;
  private final Path folder;
  private final Progress progress;
  private final Set<Shard> read;

  /**
   * A maker.
   *
   * @param folder of the data set
   * @param read gets every shard that is read for it
   */
  TokenizerMaker(DatasetPlan plan, Path folder, Progress progress, Set<Shard> read) {
    this.plan = plan;
    this.folder = folder;
    this.progress = progress;
    this.read = read;
  }

  /**
   * The tokenizer.
   *
   * @throws DataException if there is none such, or the texts for it cannot be read, or are too few
   *     for so many pieces
   * @throws IOException if it cannot be written
   */
  StoredTokenizer make() throws IOException {
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

  private StoredTokenizer train(TokenizerChoice.Trained trained) throws IOException {
    Set<TrainerFlag> flags = EnumSet.of(TrainerFlag.SPLIT_DIGITS);
    flags.addAll(TrainerFlag.defaults());
    BpeTrainer trainer =
        new BpeTrainer(
            TrainerSpec.DEFAULTS
                .withModelType(ModelType.BPE)
                .withVocabSize(trained.vocabulary())
                .withFlags(flags),
            NormalizationRule.NMT_NFKC.spec(NormalizerFlag.defaults()),
            new Telling(progress));
    try (SplitReader reader =
        new SplitReader(
            trained.portions(),
            plan.reading(),
            TextLayout.Plain.LINES,
            "reading what to train the tokenizer on",
            progress,
            read)) {
      trainer.read(new SentenceStream(reader, trained.sentences()));
    }
    Path model = folder.resolve(UNFINISHED_MODEL);
    try {
      trainer.train().write(model);
      return StoredTokenizer.open(model);
    } catch (TokenizerException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    } finally {
      Files.deleteIfExists(model);
    }
  }

  /** Tells of the training what {@link SplitReader} does not tell already. */
  private record Telling(Progress progress) implements TrainingProgress {

    @Override
    public void read(long bytes) {}

    @Override
    public void merged(int done, int total) {
      if (done > 0) {
        progress.update("training the tokenizer", done, total);
      }
    }

    @Override
    public void note(String message) {
      progress.note("tokenizer: " + message);
    }
  }
}
