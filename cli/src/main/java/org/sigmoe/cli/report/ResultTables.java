package org.sigmoe.cli.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.cli.report.runs.Session;
import org.sigmoe.cli.report.runs.Standing;
import org.sigmoe.xl.metrics.MetricSeries;

/** The tables of what came out. */
final class ResultTables {
  private ResultTables() {}

  /** Configurations: quality against what they take. */
  static HtmlTable models(List<RunGroup> groups) {
    String unit =
        groups.stream().map(RunGroup::unit).distinct().count() == 1
            ? groups.getFirst().unit()
            : "token";
    HtmlTable table =
        new HtmlTable(
            "model",
            "family",
            "bits/" + unit + ", last",
            "bits/" + unit + ", best",
            "seeds",
            "parameters",
            "FF FLOPs of dense",
            "FLOPs a token",
            "memory",
            "tokens/s");
    for (int i = 0; i < groups.size(); i++) {
      RunGroup group = groups.get(i);
      Optional<ModelReport> model = group.model();
      table.row(
          i,
          Cell.text(group.name()),
          Cell.text(model.map(report -> report.feedForward().family()).orElse("unknown")),
          Cell.spread(group.lastBits(), group.runs().size()),
          Cell.spread(group.bestBits(), group.runs().size()),
          Cell.text(group.seeds()),
          model.map(report -> Cell.count(report.parameters())).orElse(Cell.none()),
          model.map(ResultTables::percentOfDense).orElse(Cell.none()),
          model.map(ResultTables::flops).orElse(Cell.none()),
          model.map(ResultTables::memory).orElse(Cell.none()),
          Cell.rounded(group.tokensPerSecond()));
    }
    return table;
  }

  private static Cell percentOfDense(ModelReport model) {
    double percent = model.feedForward().percentOfDense(model.feedForward());
    return Cell.number(Units.percent(percent), percent);
  }

  private static Cell flops(ModelReport model) {
    return Cell.number(Units.large(model.flopsPerToken()), model.flopsPerToken());
  }

  private static Cell memory(ModelReport model) {
    return Cell.number(Units.bytes(model.memory().total()), model.memory().total());
  }

  /** Runs: how each of them went. */
  static HtmlTable runs(List<RunGroup> groups) {
    HtmlTable table =
        new HtmlTable(
            "run",
            "state",
            "steps",
            "last",
            "best",
            "at step",
            "tokens",
            "time",
            "tokens/s",
            "resumed");
    for (int i = 0; i < groups.size(); i++) {
      for (RunRecord run : groups.get(i).runs()) {
        Optional<MetricSeries.Point> best = run.bestValidation();
        table.row(
            i,
            Cell.text(run.name()),
            Cell.text(state(run)),
            Cell.count(run.stepsDone()),
            run.lastValidation().map(point -> Cell.decimal(4, point.value())).orElse(Cell.none()),
            best.map(point -> Cell.decimal(4, point.value())).orElse(Cell.none()),
            best.map(point -> Cell.count(point.step())).orElse(Cell.none()),
            tokens(run),
            time(run),
            Cell.rounded(run.tokensPerSecond()),
            Cell.count(run.resumed()));
      }
    }
    return table;
  }

  static String state(RunRecord run) {
    String name = run.standing().name().toLowerCase(Locale.ROOT);
    return run.standing() == Standing.UNFINISHED && run.settings().isPresent()
        ? "%s, %s of %s"
            .formatted(
                name, Units.count(run.stepsDone()), Units.count(run.settings().get().steps()))
        : name;
  }

  private static Cell tokens(RunRecord run) {
    return run.tokensPerStep().stream()
        .mapToObj(
            tokens ->
                Cell.number(
                    Units.large((double) tokens * run.stepsDone()),
                    (double) tokens * run.stepsDone()))
        .findFirst()
        .orElse(Cell.none());
  }

  private static Cell time(RunRecord run) {
    return run.seconds().stream()
        .mapToObj(
            seconds ->
                Cell.number(Units.duration(Duration.ofMillis(Math.round(1000 * seconds))), seconds))
        .findFirst()
        .orElse(Cell.none());
  }

  /** The engine of its last sitting. */
  static String engine(RunRecord run) {
    return run.log().sessions().reversed().stream()
        .map(Session::engine)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> run.settings().map(settings -> settings.engine().name()))
        .orElse("unknown");
  }
}
