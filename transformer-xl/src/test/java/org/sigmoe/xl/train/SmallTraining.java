package org.sigmoe.xl.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.LearningRateSchedule;
import org.sigmoe.nn.testing.TestedEngines;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.ModelConfig;

/** A training of a model of a few thousand parameters, in a folder of its own. */
record SmallTraining(String engine, TrainingConfig config, Path data) {
  static final int TOKENS_PER_EPOCH_STEP = 4 * 8;

  /** A training whose data has ten steps to an epoch, so that tests pass several. */
  static SmallTraining in(Path folder) {
    Path data = folder.resolve("text.txt");
    writeText(data, 10 * TOKENS_PER_EPOCH_STEP * 10 / 9 + 10);
    return new SmallTraining("cpu", defaults(), data);
  }

  static void writeText(Path file, int bytes) {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      text.append(random.nextInt(3) == 0 ? "the cat " : "a dog ");
    }
    try {
      Files.writeString(file, text.substring(0, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ModelConfig model() {
    return new ModelConfig(256, 16, 2, 2, 8, new DenseConfig(24), 8, 16, 0.1);
  }

  private static TrainingConfig defaults() {
    return new TrainingConfig(
        model(),
        Batch.whole(4),
        40,
        AdamW.adam().withMaxNorm(0.25),
        new LearningRateSchedule.WarmUp(5, new LearningRateSchedule.Cosine(3e-3, 0, 100)),
        11,
        new ValidationPlan(10, 1000),
        new CheckpointPlan(5, 0, 2),
        1,
        3);
  }

  SmallTraining on(String other) {
    return new SmallTraining(other, config, data);
  }

  SmallTraining withSteps(long steps) {
    return with(config.model(), steps, config.learningRate());
  }

  SmallTraining withLearningRate(double rate) {
    return with(config.model(), config.steps(), new LearningRateSchedule.Constant(rate));
  }

  /** A batch in so many parts. */
  SmallTraining accumulating(int parts) {
    return with(
        config.model(),
        config.steps(),
        config.learningRate(),
        new Batch(config.batch().streams(), parts));
  }

  SmallTraining withModel(ModelConfig model) {
    return with(model, config.steps(), config.learningRate());
  }

  private SmallTraining with(ModelConfig model, long steps, LearningRateSchedule learningRate) {
    return with(model, steps, learningRate, config.batch());
  }

  private SmallTraining with(
      ModelConfig model, long steps, LearningRateSchedule learningRate, Batch batch) {
    return new SmallTraining(
        engine,
        new TrainingConfig(
            model,
            batch,
            steps,
            config.optimiser(),
            learningRate,
            config.seed(),
            config.validation(),
            config.checkpoints(),
            config.logEvery(),
            config.resetMemoryEvery()),
        data);
  }

  SmallTraining withPlans(ValidationPlan validation, CheckpointPlan checkpoints, long logEvery) {
    return new SmallTraining(
        engine,
        new TrainingConfig(
            config.model(),
            config.batch(),
            config.steps(),
            config.optimiser(),
            config.learningRate(),
            config.seed(),
            validation,
            checkpoints,
            logEvery,
            config.resetMemoryEvery()),
        data);
  }

  Corpus openCorpus() {
    return Corpus.open(
        new CorpusSource.Automatic(data),
        CorpusOptions.defaults().withCache(data.resolveSibling("cache")));
  }

  Engine openEngine() {
    return Engines.open(engine, TestedEngines.options(engine).withThreads(2));
  }

  RunDirectory create(Path folder) throws IOException {
    return RunDirectory.create(
        folder, "test: true\n".getBytes(StandardCharsets.UTF_8), config.checkpoints().retention());
  }

  RunDirectory open(Path folder) throws IOException {
    return RunDirectory.open(folder, config.checkpoints().retention());
  }

  /** Trains from the beginning in a new folder. */
  TrainingOutcome start(Path folder, TrainingListener listener, StopSignal stop)
      throws IOException {
    try (RunDirectory run = create(folder)) {
      return start(run, listener, stop);
    }
  }

  TrainingOutcome start(Path folder) throws IOException {
    return start(folder, TrainingListener.NONE, new StopSignal());
  }

  TrainingOutcome start(RunDirectory run, TrainingListener listener, StopSignal stop)
      throws IOException {
    try (Corpus corpus = openCorpus();
        Engine opened = openEngine();
        Trainer trainer = Trainer.prepare(config, corpus, opened)) {
      return trainer.start(run, listener, stop);
    }
  }

  TrainingOutcome resume(Path folder, TrainingListener listener, StopSignal stop)
      throws IOException {
    try (RunDirectory run = open(folder);
        Corpus corpus = openCorpus();
        Engine opened = openEngine();
        Trainer trainer = Trainer.prepare(config, corpus, opened)) {
      return trainer.resume(run, listener, stop);
    }
  }

  TrainingOutcome resume(Path folder) throws IOException {
    return resume(folder, TrainingListener.NONE, new StopSignal());
  }

  /** Trains anew until so many steps are done, and stops there as a user would. */
  TrainingOutcome startAndStopAt(Path folder, long step) throws IOException {
    StopSignal stop = new StopSignal();
    return start(folder, stopAt(step, stop), stop);
  }

  static TrainingListener stopAt(long step, StopSignal stop) {
    return event -> {
      if (event instanceof TrainingEvent.StepDone done && done.step() == step) {
        stop.request();
      }
    };
  }

  /** The events of a training, with a list of them as text without what depends on time. */
  static final class Recorder implements TrainingListener {
    final List<TrainingEvent> events = new ArrayList<>();

    @Override
    public void on(TrainingEvent event) {
      events.add(event);
    }

    <E extends TrainingEvent> List<E> of(Class<E> type) {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> names() {
      return events.stream()
          .map(
              event ->
                  switch (event) {
                    case TrainingEvent.Started e -> "started " + e.step();
                    case TrainingEvent.StepDone e -> "step " + e.step();
                    case TrainingEvent.Validating e -> "validating " + e.step();
                    case TrainingEvent.Validated e ->
                        "validated " + e.step() + (e.isBest() ? " best" : "");
                    case TrainingEvent.Saved e -> "saved " + e.step();
                    case TrainingEvent.Warning e -> "warning " + e.text().toLowerCase(Locale.ROOT);
                  })
          .toList();
    }
  }
}
