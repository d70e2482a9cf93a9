package org.sigmoe.xl.example;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.LearningRateSchedule;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointCatalog;
import org.sigmoe.xl.checkpoint.CheckpointFile;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.generate.Generator;
import org.sigmoe.xl.generate.SamplingConfig;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.Weights;
import org.sigmoe.xl.tokenizer.ByteTokenizer;
import org.sigmoe.xl.train.CheckpointPlan;
import org.sigmoe.xl.train.StopSignal;
import org.sigmoe.xl.train.Trainer;
import org.sigmoe.xl.train.TrainingConfig;
import org.sigmoe.xl.train.TrainingListener;
import org.sigmoe.xl.train.ValidationPlan;

/** transformer-xl as a library: a small model is trained on a text and continues a prompt. */
final class TrainAndGenerateExample {
  private static final long STEPS = 300;

  private TrainAndGenerateExample() {}

  /** Trains on {@code text}, keeps the run in {@code folder}, and continues {@code prompt}. */
  static String run(Path text, Path folder, String prompt) throws IOException {
    ModelConfig sizes =
        new ModelConfig(256, 32, 2, 2, 16, new DenseConfig(64), 32, 32, /* dropout= */ 0);
    TrainingConfig config =
        new TrainingConfig(
            sizes,
            Batch.whole(4),
            STEPS,
            AdamW.adam().withMaxNorm(0.25),
            new LearningRateSchedule.Cosine(0.01, 0, STEPS),
            /* seed= */ 1,
            new ValidationPlan(/* everySteps= */ 100, /* maxTokens= */ 10_000),
            new CheckpointPlan(/* everySteps= */ 100, /* everySeconds= */ 600, /* keepLast= */ 1),
            /* logEvery= */ 10,
            /* resetMemoryEvery= */ 8);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Corpus corpus = Corpus.open(new CorpusSource.Automatic(text), CorpusOptions.defaults())) {
      try (Trainer trainer = Trainer.prepare(config, corpus, engine);
          RunDirectory run =
              RunDirectory.create(
                  folder,
                  "steps: 300".getBytes(StandardCharsets.UTF_8),
                  config.checkpoints().retention())) {
        trainer.start(run, TrainingListener.NONE, new StopSignal());
      }
      return generate(folder, sizes, engine, prompt);
    }
  }

  private static String generate(Path folder, ModelConfig sizes, Engine engine, String prompt)
      throws IOException {
    Checkpoint best =
        Objects.requireNonNull(new CheckpointCatalog(new RunLayout(folder)).best().checkpoint());
    LanguageModel model = new LanguageModel(sizes);
    Weights.load(best.file(CheckpointFile.MODEL), model, engine);
    StringBuilder continuation = new StringBuilder();
    try (Generator generator = Generator.prepare(model, engine, new ByteTokenizer(), 64)) {
      generator.generate(
          prompt, 40, SamplingConfig.ofSeed(1).withTemperature(0.5), continuation::append);
    }
    return continuation.toString();
  }
}
