package org.sigmoe.cli.report.runs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.config.ConfigException;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.output.Units;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.checkpoint.CheckpointCatalog;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.checkpoint.TrainingState;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricsHistory;

/** Reads the folder of a run, and what is wrong with it. */
public final class RunReader {
  private static final long MAX_CONFIG_BYTES = 1 << 20;
  private static final int MOST_LINES_NAMED = 5;

  private final RunLayout run;
  private final List<String> gaps = new ArrayList<>();

  private RunReader(RunLayout run) {
    this.run = run;
  }

  /** Reads a folder; whatever it holds, a record comes of it. */
  public static RunRecord read(Path folder, String name) {
    return new RunReader(new RunLayout(folder)).record(name);
  }

  private RunRecord record(String name) {
    String text = configText();
    Optional<Configuration> configuration = configuration();
    MetricsHistory metrics = metrics();
    LogHistory log = log();
    List<SavedState> checkpoints = checkpoints();
    Optional<RunAnalysis> analysis = analysis();
    Standing standing = standing(configuration, metrics, log, checkpoints);
    tell(standing, configuration, metrics, log, checkpoints);
    return new RunRecord(
        name,
        run.root(),
        text,
        configuration,
        configuration.flatMap(this::model),
        metrics,
        log,
        checkpoints,
        analysis,
        standing,
        gaps);
  }

  private String configText() {
    try {
      if (Files.size(run.config()) > MAX_CONFIG_BYTES) {
        gaps.add("config.yaml is too long to be one.");
        return "";
      }
      return new String(Files.readAllBytes(run.config()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      gaps.add("config.yaml cannot be read: %s.".formatted(CheckpointException.reason(e)));
      return "";
    }
  }

  private Optional<Configuration> configuration() {
    try {
      return Optional.of(Configuration.ofRun(run.config(), Settings.empty()));
    } catch (ConfigException e) {
      gaps.add("The settings cannot be read: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<ModelReport> model(Configuration configuration) {
    RunConfig settings = configuration.run();
    try {
      return Optional.of(
          ModelReport.of(settings.model(), settings.streams(), settings.optimiser()));
    } catch (ArithmeticException | IllegalArgumentException e) {
      gaps.add("What the model takes cannot be counted: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
  }

  private MetricsHistory metrics() {
    if (!Files.exists(run.metrics())) {
      return MetricsHistory.empty();
    }
    try {
      MetricsHistory metrics = MetricsHistory.read(run.metrics());
      List<Long> damaged = metrics.damagedLines();
      if (!damaged.isEmpty()) {
        String numbers =
            damaged.stream()
                .limit(MOST_LINES_NAMED)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        gaps.add(
            "Of metrics.jsonl, %s %s damaged and left out (line %s%s)."
                .formatted(
                    damaged.size() == 1 ? "1 line" : damaged.size() + " lines",
                    damaged.size() == 1 ? "is" : "are",
                    numbers,
                    damaged.size() > MOST_LINES_NAMED ? ", ..." : ""));
      }
      if (metrics.unfinishedLine()) {
        gaps.add(
            "The last line of metrics.jsonl is half written: the process was killed, or writes it"
                + " now.");
      }
      if (metrics.repeated() > 0) {
        gaps.add(
            "%s records of metrics.jsonl stand there twice; the later ones are shown."
                .formatted(Units.count(metrics.repeated())));
      }
      return metrics;
    } catch (IOException e) {
      gaps.add("metrics.jsonl cannot be read: %s.".formatted(CheckpointException.reason(e)));
      return MetricsHistory.empty();
    }
  }

  private LogHistory log() {
    try {
      return Files.exists(run.log()) ? LogHistory.read(run.log()) : LogHistory.empty();
    } catch (IOException e) {
      gaps.add("log.txt cannot be read: %s.".formatted(CheckpointException.reason(e)));
      return LogHistory.empty();
    }
  }

  private List<SavedState> checkpoints() {
    CheckpointCatalog catalog = new CheckpointCatalog(run);
    try {
      List<SavedState> saved = new ArrayList<>();
      for (TrainingState state : catalog.readable()) {
        Double nats = state.validationLoss();
        saved.add(
            new SavedState(
                state.step(),
                nats == null ? OptionalDouble.empty() : OptionalDouble.of(nats / Math.log(2)),
                bytes(catalog.folderOf(state.step()))));
      }
      return saved;
    } catch (IOException e) {
      gaps.add("The checkpoints cannot be listed: %s.".formatted(CheckpointException.reason(e)));
      return List.of();
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private Optional<RunAnalysis> analysis() {
    try {
      return RunAnalysis.read(run);
    } catch (IOException e) {
      gaps.add(e.getMessage() + ".");
      return Optional.empty();
    }
  }

  private static Standing standing(
      Optional<Configuration> configuration,
      MetricsHistory metrics,
      LogHistory log,
      List<SavedState> checkpoints) {
    if (metrics.records().isEmpty() && checkpoints.isEmpty()) {
      return Standing.EMPTY;
    }
    if (!log.sessions().isEmpty()
        && log.sessions().getLast().ending() == Session.Ending.DIVERGED) {
      return Standing.DIVERGED;
    }
    OptionalLong steps = steps(configuration);
    long saved = checkpoints.isEmpty() ? 0 : checkpoints.getLast().step();
    return steps.isPresent() && Math.max(metrics.lastStep(), saved) >= steps.getAsLong()
        ? Standing.FINISHED
        : Standing.UNFINISHED;
  }

  private static OptionalLong steps(Optional<Configuration> configuration) {
    return configuration.stream().mapToLong(c -> c.run().steps()).findFirst();
  }

  private void tell(
      Standing standing,
      Optional<Configuration> configuration,
      MetricsHistory metrics,
      LogHistory log,
      List<SavedState> checkpoints) {
    switch (standing) {
      case FINISHED -> {}
      case EMPTY -> gaps.add("It has measured nothing yet.");
      case DIVERGED -> gaps.add(log.sessions().getLast().message());
      case UNFINISHED ->
          gaps.add(
              "It is unfinished: %s of %s steps are measured%s."
                  .formatted(
                      Units.count(metrics.lastStep()),
                      steps(configuration).isPresent()
                          ? Units.count(steps(configuration).getAsLong())
                          : "an unknown number of",
                      behind(metrics, checkpoints)));
    }
    if (standing != Standing.EMPTY
        && metrics.series(Metric.VALIDATION_BITS_PER_TOKEN).points().isEmpty()) {
      gaps.add("It was never validated: of held-out text nothing is known.");
    }
    long failed =
        log.sessions().stream().filter(s -> s.ending() == Session.Ending.FAILED).count();
    if (failed > 0) {
      gaps.add(
          "It ended by an error %s; the last: %s"
              .formatted(
                  failed == 1 ? "once" : failed + " times",
                  log.sessions().stream()
                      .filter(s -> s.ending() == Session.Ending.FAILED)
                      .reduce((_, later) -> later)
                      .map(Session::message)
                      .orElse("")));
    }
  }

  private static String behind(MetricsHistory metrics, List<SavedState> checkpoints) {
    if (checkpoints.isEmpty()) {
      return ", and no checkpoint is saved";
    }
    long saved = checkpoints.getLast().step();
    return saved >= metrics.lastStep()
        ? ""
        : ", and those after step %s will be done again when it goes on"
            .formatted(Units.count(saved));
  }
}
