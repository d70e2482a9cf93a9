package org.sigmoe.cli.run;

import java.util.Optional;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.tokenizer.ByteTokenizer;
import org.sigmoe.xl.tokenizer.Tokenizer;

/**
 * The tokenizer of a run: a copy of its data's in its folder, so that the model can be used where
 * the data is not. A run on bytes has none.
 */
public final class RunTokenizer {
  private RunTokenizer() {}

  /** Puts the tokenizer of a run's data into its folder, if it needs one and is not there. */
  static void keep(Corpus corpus, RunLayout run) throws CheckpointException {
    Optional<StoredTokenizer> stored = corpus.storedTokenizer();
    if (stored.isPresent() && StoredTokenizer.in(run.root()).isEmpty()) {
      stored.get().keepIn(run.root());
    }
  }

  /**
   * The tokenizer of a run.
   *
   * @throws UsageException if it is not that of the model, as where its file was lost
   */
  public static Tokenizer of(RunLayout run, Configuration config) {
    Tokenizer tokenizer =
        StoredTokenizer.in(run.root())
            .map(StoredTokenizer::tokenizer)
            .orElseGet(ByteTokenizer::new);
    int vocabulary = config.run().model().vocabulary();
    if (tokenizer.vocabularySize() != vocabulary) {
      throw new UsageException(
          ("the model of %s has a vocabulary of %,d, and the tokenizer in its folder (%s) one of"
                  + " %,d; copy the tokenizer of its data there")
              .formatted(run.root(), vocabulary, tokenizer.name(), tokenizer.vocabularySize()));
    }
    return tokenizer;
  }

  /**
   * Requires a text to have the tokens that the model of a run knows.
   *
   * @throws UsageException if it has others
   */
  public static void requireSame(RunLayout run, Corpus corpus) {
    Optional<StoredTokenizer> own = StoredTokenizer.in(run.root());
    Optional<StoredTokenizer> other = corpus.storedTokenizer();
    if (own.map(StoredTokenizer::digest).equals(other.map(StoredTokenizer::digest))) {
      return;
    }
    throw new UsageException(
        own.isEmpty()
            ? "the model of %s reads bytes, and the tokens of %s are others (%s); give a text"
                .formatted(run.root(), corpus.description(), corpus.tokenizer().name())
            : ("the tokens of %s (%s) are not those of the model; make them by `sigmoe data text"
                    + " --from TEXT --tokenizer %s --out FOLDER`, and give --data FOLDER")
                .formatted(
                    corpus.description(),
                    corpus.tokenizer().name(),
                    run.root().resolve(own.get().name())));
  }
}
