package org.sigmoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Precision;

/**
 * Trains a model of the paper's WT-S row (T = 256, B = 64) on random tokens with any engine and
 * prints tokens a second, device memory and the time to start. BLOCK names its feed-forward blocks,
 * one of {@link BenchBlock}: dense, 47,260,136 parameters, or 16 experts, 47,260,248. A whole step
 * is measured on the host's clock: tokens in, forward, backward, update, loss out.
 *
 * <pre>
 * java ... org.sigmoe.bench.TrainingThroughput BLOCK ENGINE DEVICE PRECISIONS STEPS FILE
 * java ... org.sigmoe.bench.TrainingThroughput EXPERTS_16 tornado cuda:0 F32,TF32,BF16 20 moe.md
 * </pre>
 */
public final class TrainingThroughput {
  private static final ModelShape WT_S =
      new ModelShape(8000, 412, 16, 10, 41, 2053, 256, 256, 64, 0.1);

  private static final int WARM_UP = 3;
  private static final long SEED = 1;

  private TrainingThroughput() {}

  /** Measures each precision and writes a table in Markdown. */
  public static void main(String[] args) throws IOException {
    if (args.length != 6) {
      System.err.println("usage: TrainingThroughput BLOCK ENGINE DEVICE PRECISIONS STEPS FILE");
      System.exit(2);
    }
    BenchBlock block = BenchBlock.valueOf(args[0]);
    List<String> lines = new ArrayList<>();
    lines.add(
        "| block | engine | parameters | tokens/s | ms a step (median, least, most) | device memory, MB |"
            + " time to the first loss, s | first and last loss |");
    lines.add("|---|---|---|---|---|---|---|---|");
    for (String precision : args[3].split(",")) {
      EngineOptions options =
          new EngineOptions(
              Runtime.getRuntime().availableProcessors(),
              Precision.valueOf(precision),
              Optional.of(args[2]).filter(name -> !name.equals("default")),
              EngineOptions.BufferFill.AS_THEY_ARE);
      String line = measure(block, args[1], options, Integer.parseInt(args[4]));
      System.out.println(line);
      lines.add(line);
    }
    Files.write(Path.of(args[5]), lines);
  }

  private static String measure(BenchBlock block, String engine, EngineOptions options, int steps) {
    long begin = System.nanoTime();
    Training training = Training.of(org.sigmoe.bench.Precision.F32);
    TokenStreams streams = new TokenStreams(WT_S, SEED);
    try (SigmoeTransformerXl model =
        new SigmoeTransformerXl(WT_S, block.config(), training, engine, options)) {
      double first = model.run(streams.next());
      double start = (System.nanoTime() - begin) / 1e9;
      for (int step = 1; step < WARM_UP; step++) {
        model.run(streams.next());
      }
      double[] milliseconds = new double[steps];
      double last = first;
      for (int step = 0; step < steps; step++) {
        long before = System.nanoTime();
        last = model.run(streams.next());
        milliseconds[step] = (System.nanoTime() - before) / 1e6;
      }
      Arrays.sort(milliseconds);
      double median = milliseconds[steps / 2];
      return String.format(
          Locale.ROOT,
          "| %s | %s | %,d | %,.0f | %.1f, %.1f, %.1f | %,d | %.1f | %.4f, %.4f |",
          block,
          model.engine(),
          model.parameterCount(),
          WT_S.tokensPerStep() / median * 1e3,
          median,
          milliseconds[0],
          milliseconds[steps - 1],
          model.bytes() / 1_000_000,
          start,
          first,
          last);
    }
  }
}
