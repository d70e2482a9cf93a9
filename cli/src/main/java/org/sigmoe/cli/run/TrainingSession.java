package org.sigmoe.cli.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Continuation;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.output.TrainingView;
import org.sigmoe.cli.output.Units;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.train.Trainer;
import org.sigmoe.xl.train.TrainingEvent;
import org.sigmoe.xl.train.TrainingListener;
import org.sigmoe.xl.train.TrainingOutcome;

/**
 * One training from the configuration to its end: opens data and engine, makes or opens the folder
 * of the run, trains, and tells the user about it.
 */
public final class TrainingSession {
  private static final String VOCABULARY = "model.vocabulary";

  private final Path folder;
  private final TrainingView view;
  private final RunLog log;
  private final Interruption interruption;

  /**
   * A training.
   *
   * @param folder of the run
   * @param view shows it
   * @param log becomes the log of the run
   * @param interruption ends it early
   */
  public TrainingSession(Path folder, TrainingView view, RunLog log, Interruption interruption) {
    this.folder = folder;
    this.view = view;
    this.log = log;
    this.interruption = interruption;
  }

  /**
   * Trains in a new folder.
   *
   * @throws IOException if the run cannot be written; messages of this and of all other exceptions
   *     are meant for the user
   */
  public TrainingOutcome start(Configuration config) throws IOException {
    Configuration fitted = fitVocabulary(config);
    byte[] yaml = fitted.toYaml().getBytes(StandardCharsets.UTF_8);
    RunConfig run = fitted.run();
    return prepared(
        fitted,
        (corpus, trainer) -> {
          try (RunDirectory directory =
              RunDirectory.create(folder, yaml, run.checkpoints().retention())) {
            begin(directory, corpus);
            return trainer.start(directory, view, interruption.stop());
          }
        });
  }

  /**
   * Goes on in the folder of a run.
   *
   * @throws IOException as {@link #start}
   */
  public TrainingOutcome resume(Continuation continuation) throws IOException {
    Configuration config = continuation.after();
    return prepared(
        config,
        (corpus, trainer) -> {
          try (RunDirectory directory =
              RunDirectory.open(folder, config.run().checkpoints().retention())) {
            begin(directory, corpus);
            return trainer.resume(directory, goingOn(continuation, directory), interruption.stop());
          }
        });
  }

  /** Shows the training; what the user changes is checked and kept once its place is known. */
  private TrainingListener goingOn(Continuation continuation, RunDirectory directory) {
    return event -> {
      if (event instanceof TrainingEvent.Started(long step, long steps)) {
        if (step > steps) {
          throw new UsageException(
              "the run has %,d steps behind it; --steps must be at least that, got %,d"
                  .formatted(step, steps));
        }
        if (continuation.changed()) {
          keep(continuation.after(), directory);
        }
        view.on(event);
        continuation.scheduleNote(step).ifPresent(view::note);
        if (step == steps) {
          view.note("all steps are done; a greater --steps goes on");
        }
      } else {
        view.on(event);
      }
    };
  }

  /** Trains when everything is prepared. */
  @FunctionalInterface
  private interface Training {
    TrainingOutcome with(Corpus corpus, Trainer trainer) throws IOException;
  }

  private TrainingOutcome prepared(Configuration config, Training training) throws IOException {
    RunConfig run = config.run();
    view.note("config   " + config.origin());
    CorpusOptions options =
        CorpusOptions.defaults().withProgress(new CorpusProgress(view::note, view::progress));
    EngineOpening.requireAvailable(run.engine());
    try (Corpus corpus = Corpus.open(run.data().source(), options)) {
      view.note("data     " + describe(corpus));
      try (Engine engine = EngineOpening.open(run.engine(), view::progress)) {
        view.note("engine   " + engine.description());
        try (Trainer trainer = Trainer.prepare(run.training(), corpus, engine)) {
          view.note("model    " + describe(run.model(), trainer.parameters()));
          config.denseMatch().ifPresent(match -> view.note("matched  " + match));
          view.note("memory   " + Units.bytes(trainer.memoryBytes()));
          return training.with(corpus, trainer);
        }
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      log.failure(e);
      if (interruption.stop().asked()) {
        // The process is ending and may be gone before anyone above tells it.
        view.warn(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private void begin(RunDirectory directory, Corpus corpus) throws CheckpointException {
    log.attach(directory.layout().log());
    view.note("run      " + folder);
    RunTokenizer.keep(corpus, directory.layout());
    interruption.arm();
  }

  /** A changed configuration stays changed when the run goes on another time. */
  private static void keep(Configuration config, RunDirectory directory) {
    byte[] yaml = config.toYaml().getBytes(StandardCharsets.UTF_8);
    try {
      AtomicFile.write(
          Storage.disk(),
          directory.layout().config(),
          channel -> channel.write(ByteBuffer.wrap(yaml)));
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Configuration fitVocabulary(Configuration config) {
    int configured = config.run().model().vocabulary();
    Tokenizer tokenizer = Corpus.tokenizer(config.run().data().source());
    int own = tokenizer.vocabularySize();
    if (configured == own) {
      return config;
    }
    view.note(
        "The configured vocabulary of %s gives way to the %s of the data, whose tokens are %s."
            .formatted(Units.count(configured), Units.count(own), tokenizer.name()));
    return config.with(VOCABULARY, Integer.toString(own), "data");
  }

  private String describe(Corpus corpus) {
    return corpus.description()
        + ": "
        + List.of(Split.values()).stream()
            .filter(corpus.splits()::contains)
            .map(split -> split.label() + " " + Units.count(corpus.split(split).length()))
            .collect(Collectors.joining(", "))
        + " "
        + corpus
            .storedTokenizer()
            .map(stored -> "tokens (%s)".formatted(stored.tokenizer().name()))
            .orElse(corpus.tokenizer().name());
  }

  private static String describe(ModelConfig model, long parameters) {
    return "%s parameters: %d layers, width %d, %d heads of %d, context %d, memory %d"
        .formatted(
            Units.count(parameters),
            model.layers(),
            model.dModel(),
            model.heads(),
            model.headSize(),
            model.context(),
            model.memory());
  }
}
