package org.sigmoe.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.Metrics;
import org.sigmoe.xl.metrics.MetricsFile;

/**
 * The folder of a run that never was, of the preset tiny with 100 steps.
 *
 * @param folder of it
 */
public record MadeUpRun(Path folder) {
  /** Its steps. */
  public static final long STEPS = 100;

  private static final String LOG =
      """
      2026-01-02T03:04:05  command  sigmoe train --preset tiny --steps 100
      2026-01-02T03:04:05  config   preset tiny, command line
      2026-01-02T03:04:06  data     /data/text: train 100, valid 10, test 10 bytes
      2026-01-02T03:04:06  engine   cpu, 2 threads, f32, matrix products: oneDNN 3.11.0, AVX2
      2026-01-02T03:04:07  training for 100 steps
      """;

  /** Makes one that is finished, with a seed and other settings. */
  public static MadeUpRun finished(Path folder, long seed, Map<String, String> settings)
      throws IOException {
    MadeUpRun run = begun(folder, seed, settings).measured(10, STEPS, 3 + 0.01 * seed);
    return run.logged("2026-01-02T03:14:07  done     100 steps in 10:00");
  }

  /** Makes one that has measured nothing. */
  public static MadeUpRun begun(Path folder, long seed, Map<String, String> settings)
      throws IOException {
    Files.createDirectories(folder);
    Settings all =
        Settings.empty()
            .with("seed", Long.toString(seed), "test")
            .with("steps", Long.toString(STEPS), "test");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      all = all.with(setting.getKey(), setting.getValue(), "test");
    }
    Files.writeString(
        folder.resolve("config.yaml"), Configuration.compose("tiny", null, all).toYaml());
    Files.writeString(folder.resolve("log.txt"), LOG);
    return new MadeUpRun(folder);
  }

  /** Adds records of every tenth step, every twentieth validated. */
  public MadeUpRun measured(long from, long to, double bits) throws IOException {
    try (MetricsFile metrics = MetricsFile.resume(folder.resolve("metrics.jsonl"), from - 1)) {
      for (long step = from; step <= to; step += 10) {
        double nats = (bits + 20.0 / step) * Math.log(2);
        metrics.write(
            Metrics.at(step)
                .withLoss(nats)
                .with(Metric.TOKENS_PER_SECOND, 1000)
                .with(Metric.ELAPSED_SECONDS, 6.0 * step));
        if (step % 20 == 0) {
          metrics.write(
              Metrics.at(step)
                  .withValidationLoss(nats + 0.1)
                  .with(Metric.ELAPSED_SECONDS, 6.0 * step + 1));
        }
      }
    }
    return this;
  }

  /** Adds lines to its log. */
  public MadeUpRun logged(String... lines) throws IOException {
    Path log = folder.resolve("log.txt");
    Files.writeString(log, Files.readString(log) + String.join("\n", List.of(lines)) + "\n");
    return this;
  }
}
