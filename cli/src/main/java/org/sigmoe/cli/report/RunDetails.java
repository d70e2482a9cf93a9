package org.sigmoe.cli.report;

import java.util.List;
import java.util.Locale;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.cli.report.runs.SavedState;
import org.sigmoe.cli.report.runs.Session;
import org.sigmoe.cli.report.runs.Standing;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;

/** All about one run, folded up. */
final class RunDetails {
  private RunDetails() {}

  static void write(Html html, RunRecord run, int group, boolean alone) {
    if (alone) {
      html.open("details", "class", "run", "open");
    } else {
      html.open("details", "class", "run");
    }
    html.open("summary");
    Swatch.write(html, group);
    html.element("b", run.name()).text(" – " + ResultTables.state(run)).close();
    html.open("dl");
    fact(html, "folder", run.folder().toString());
    run.log().sessions().stream()
        .flatMap(session -> session.data().stream())
        .reduce((_, later) -> later)
        .ifPresent(data -> fact(html, "data", data));
    fact(html, "engine", ResultTables.engine(run));
    html.close();
    gaps(html, run);
    sessions(html, run);
    warnings(html, run);
    checkpoints(html, run.checkpoints());
    run.analysis().ifPresent(analysis -> analysis(html, analysis));
    if (!run.configText().isEmpty()) {
      html.element("h4", "config.yaml").element("pre", run.configText());
    }
    html.close().line();
  }

  private static void fact(Html html, String name, String text) {
    html.element("dt", name).element("dd", text);
  }

  private static void gaps(Html html, RunRecord run) {
    if (!run.gaps().isEmpty()) {
      html.open("ul", "class", "gaps");
      run.gaps().forEach(gap -> html.element("li", gap));
      html.close();
    }
  }

  /** How it was started and taken up again, with the commands. */
  private static void sessions(Html html, RunRecord run) {
    html.element("h4", "Commands");
    List<Session> sessions = run.log().sessions();
    if (sessions.isEmpty()) {
      html.element("p", "There is no log that tells of them.");
      return;
    }
    html.open("ol", "class", "sessions");
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      html.open("li")
          .element(
              "span",
              "%s, from step %s; %s"
                  .formatted(
                      session.began().replace('T', ' '),
                      Units.count(session.fromStep()),
                      i == sessions.size() - 1 ? lastEnding(session, run) : ending(session)));
      if (session.command().isPresent()) {
        html.open("pre").element("code", session.command().get()).close();
      } else {
        html.element("p", "The log does not name its command: an earlier version wrote it.");
      }
      html.close();
    }
    html.close();
  }

  private static String ending(Session session) {
    return switch (session.ending()) {
      case COMPLETED -> "all steps done";
      case STOPPED -> "stopped and saved";
      case DIVERGED -> "diverged: " + session.message();
      case FAILED -> "ended by an error: " + session.message();
      case UNKNOWN -> "killed: the log tells no end";
    };
  }

  /** A comparison writes no end into the logs of its runs: that all steps are done tells it. */
  private static String lastEnding(Session session, RunRecord run) {
    if (session.ending() != Session.Ending.UNKNOWN) {
      return ending(session);
    }
    return run.standing() == Standing.FINISHED
        ? "all steps done"
        : "the log tells no end: killed, or training yet";
  }

  private static void warnings(Html html, RunRecord run) {
    long count = run.log().warningCount();
    if (count > 0) {
      html.element("h4", count == 1 ? "Warning" : Units.count(count) + " warnings");
      html.open("ul");
      run.log().warnings().forEach(warning -> html.element("li", warning));
      html.close();
      if (run.log().warnings().size() < count) {
        html.element("p", "The others are in log.txt.");
      }
    }
  }

  private static void checkpoints(Html html, List<SavedState> checkpoints) {
    html.element("h4", "Checkpoints");
    if (checkpoints.isEmpty()) {
      html.element("p", "There is none.");
      return;
    }
    HtmlTable table = new HtmlTable("step", "bits, held-out text", "size");
    for (SavedState saved : checkpoints) {
      table.row(
          Cell.count(saved.step()),
          saved.validationBits().isEmpty()
              ? Cell.none()
              : Cell.decimal(4, saved.validationBits().getAsDouble()),
          Cell.number(Units.bytes(saved.bytes()), saved.bytes()));
    }
    table.write(html);
  }

  private static void analysis(Html html, RunAnalysis analysis) {
    html.element("h4", "Use of the feed-forward blocks");
    html.element(
        "p",
        "Step %s, over %s tokens of %s: %s bits/token."
            .formatted(
                Units.count(analysis.step()),
                Units.count(analysis.found().result().tokens()),
                analysis.text(),
                Units.bits(analysis.found().result().bitsPerToken())));
    HtmlTable units = new HtmlTable("layer", "units", "active", "±", "of all", "never active");
    HtmlTable chosen =
        new HtmlTable(
            "layer", "of", "count", "a token", "relative perplexity", "entropy", "never used");
    for (LayerAnalysis layer : analysis.found().layers()) {
      layer.units().ifPresent(use -> units(units, layer.name(), use));
      layer.experts().ifPresent(use -> chosen(chosen, layer.name(), "experts", use.use()));
      layer.values().ifPresent(use -> chosen(chosen, layer.name(), "values", use));
    }
    for (HtmlTable table : List.of(units, chosen)) {
      if (!table.isEmpty()) {
        table.write(html);
      }
    }
  }

  private static void units(HtmlTable table, String name, UnitUse use) {
    table.row(
        Cell.text(name),
        Cell.count(use.units()),
        Cell.decimal(1, use.mean()),
        Cell.decimal(1, use.deviation()),
        Cell.number(String.format(Locale.ROOT, "%.1f%%", 100 * use.share()), use.share()),
        Cell.count(use.neverActive()));
  }

  private static void chosen(HtmlTable table, String name, String what, Use use) {
    table.row(
        Cell.text(name),
        Cell.text(what),
        Cell.count(use.choices()),
        Cell.count(use.perToken()),
        Cell.decimal(3, use.relativePerplexity()),
        Cell.decimal(2, use.entropy()),
        Cell.count(use.unused()));
  }
}
