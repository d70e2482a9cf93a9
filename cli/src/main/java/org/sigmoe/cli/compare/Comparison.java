package org.sigmoe.cli.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sigmoe.cli.config.RunConfig;

/**
 * What came out of a comparison.
 *
 * @param plan what was compared
 * @param rows one for each candidate of which a run is finished, in the plan's order; at least one
 * @param baseline one of the rows: the plan's, or the first where that is not finished
 * @param missing what of the plan is not finished, in words
 */
record Comparison(
    ComparisonPlan plan, List<ComparisonRow> rows, ComparisonRow baseline, List<String> missing) {

  /** Copies the rows. */
  Comparison {
    rows = List.copyOf(rows);
    missing = List.copyOf(missing);
  }

  /** Reads the finished runs of a plan, of which there is at least one. */
  static Comparison read(ComparisonPlan plan) throws IOException {
    List<ComparisonRow> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Candidate candidate : plan.candidates()) {
      List<ComparisonPlan.Run> finished = plan.finished(candidate);
      List<Long> left = new ArrayList<>(plan.seeds());
      finished.forEach(run -> left.remove(run.seed()));
      left.forEach(seed -> missing.add(candidate.name() + " with seed " + seed));
      if (!finished.isEmpty()) {
        rows.add(ComparisonRow.read(candidate, finished));
      }
    }
    ComparisonRow baseline =
        rows.stream()
            .filter(row -> row.name().equals(plan.baseline().name()))
            .findFirst()
            .orElse(rows.getFirst());
    return new Comparison(plan, rows, baseline, missing);
  }

  /** What is not in these figures, in a sentence; empty where all is. */
  Optional<String> note() {
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("Not finished, and not in these figures: " + String.join("; ", missing));
  }

  /** How many parameters a model has more than the baseline. */
  long parameterDifference(ComparisonRow row) {
    return row.report().parameters() - baseline.report().parameters();
  }

  /** FLOPs of a feed-forward block in percent of dense with the parameters of the baseline's. */
  double percentOfDense(ComparisonRow row) {
    return row.report().feedForward().percentOfDense(baseline.report().feedForward());
  }

  /** What is read, how much of it and by what engine, in a sentence. */
  String conditions() {
    RunConfig run = plan.baseline().configuration().run();
    return "%s; %,d steps of %,d tokens (batch %d, context %d, memory %d); seeds %s; engine %s, %s"
        .formatted(
            run.data().path().map(path -> path.getFileName().toString()).orElse("JDK sources"),
            run.steps(),
            (long) run.batch() * run.model().context(),
            run.batch(),
            run.model().context(),
            run.model().memory(),
            String.join(", ", plan.seeds().stream().map(String::valueOf).toList()),
            run.engine().name(),
            run.engine().precision().name().toLowerCase(Locale.ROOT));
  }
}
