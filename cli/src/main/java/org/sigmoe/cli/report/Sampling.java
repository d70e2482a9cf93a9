package org.sigmoe.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.RunTokenizer;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.generate.Generator;
import org.sigmoe.xl.generate.SamplingConfig;

/**
 * Texts that the models of runs write for a report.
 *
 * @param count how many of each; their seeds are 1, 2 and so on
 * @param prompt what comes before
 * @param length of each, in tokens
 * @param temperature of the draws
 */
public record Sampling(int count, String prompt, int length, double temperature) {

  /** Checks the ranges; the message names the component. */
  public Sampling {
    if (count < 0) {
      throw new IllegalArgumentException("samples: must be at least 0, got " + count);
    }
    if (length < 1) {
      throw new IllegalArgumentException("sample length: must be at least 1, got " + length);
    }
    ofSeed(1, temperature);
  }

  private static SamplingConfig ofSeed(long seed, double temperature) {
    return SamplingConfig.ofSeed(seed).withTemperature(temperature);
  }

  /**
   * Lets the best checkpoint of a run write.
   *
   * @param config of the run, which says what engine to open
   * @param notes takes lines that stay
   * @param progress takes lines of which the next replaces the one before
   */
  public List<TextSample> write(
      Path run, Configuration config, Consumer<String> notes, Consumer<String> progress)
      throws CheckpointException {
    List<TextSample> samples = new ArrayList<>();
    try (TrainedModel trained =
            TrainedModel.open(new RunLayout(run), config, new Checkpoints.Best(), notes, progress);
        Generator generator =
            Generator.prepare(
                trained.model(),
                trained.engine(),
                RunTokenizer.of(new RunLayout(run), config),
                Generator.memoryOfTraining(config.run().model()))) {
      for (int seed = 1; seed <= count; seed++) {
        progress.accept("writing  sample %d of %d".formatted(seed, count));
        StringBuilder text = new StringBuilder();
        generator.generate(prompt, length, ofSeed(seed, temperature), text::append);
        samples.add(
            new TextSample(
                run,
                trained.checkpoint().state().step(),
                seed,
                temperature,
                prompt,
                text.toString()));
      }
    }
    return samples;
  }
}
