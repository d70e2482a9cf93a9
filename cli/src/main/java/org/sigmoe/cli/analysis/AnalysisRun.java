package org.sigmoe.cli.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.cli.run.RunTokenizer;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.xl.analysis.Analyzer;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.model.ModelConfig;

/**
 * Looks into the model of a run while it reads a text.
 *
 * @param checkpoint which checkpoint
 * @param data the text; null for the run's own test text
 * @param mostTokens how many tokens at most, spread over the text
 */
public record AnalysisRun(Checkpoints checkpoint, @Nullable Path data, long mostTokens) {
  /** Enough for shares of a few hundred experts. */
  public static final long TOKENS = 131_072;

  private static final int MOST_STREAMS = 4;

  /** The best checkpoint, on the run's own test text. */
  public static AnalysisRun ofTestText() {
    return new AnalysisRun(new Checkpoints.Best(), null, TOKENS);
  }

  /**
   * Does it.
   *
   * @param config of the run, which says what engine to open
   * @param notes takes lines that stay
   * @param progress takes lines of which the next replaces the one before
   */
  public RunAnalysis analyse(
      RunLayout run, Configuration config, Consumer<String> notes, Consumer<String> progress)
      throws IOException {
    CorpusSource source =
        data == null ? config.run().data().source() : new CorpusSource.TestOnly(data);
    CorpusOptions options =
        CorpusOptions.defaults().withProgress(new CorpusProgress(notes, progress));
    try (Corpus corpus = Corpus.open(source, options);
        TrainedModel trained = TrainedModel.open(run, config, checkpoint, notes, progress)) {
      RunTokenizer.requireSame(run, corpus);
      TokenSource text =
          corpus.split(corpus.splits().contains(Split.TEST) ? Split.TEST : Split.VALID);
      try (Analyzer analyzer =
          Analyzer.prepare(
              trained.model(), trained.engine(), evaluation(config.run().model(), text))) {
        return new RunAnalysis(
            run.root().toString(),
            trained.checkpoint().state().step(),
            text.description(),
            analyzer.analyse(
                text,
                mostTokens,
                (total, soFar) ->
                    progress.accept("analysing  %d%%".formatted(100 * soFar.tokens() / total))));
      }
    }
  }

  /** Context and memory of the training, and no more streams than a short text can fill. */
  private static EvaluationConfig evaluation(ModelConfig model, TokenSource text) {
    long streams = (text.length() - 1) / model.context();
    return EvaluationConfig.ofTraining(model, Math.clamp(streams, 1, MOST_STREAMS));
  }
}
