package org.sigmoe.cli.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sigmoe.cli.config.RunConfig;

/**
 * What came out of a comparison.
 *
 * @param plan what was compared
 * @param rows one for each candidate, in the plan's order
 * @param baseline one of the rows
 */
record Comparison(ComparisonPlan plan, List<ComparisonRow> rows, ComparisonRow baseline) {

  /** Copies the rows. */
  Comparison {
    rows = List.copyOf(rows);
  }

  /** Reads the finished runs of a plan. */
  static Comparison read(ComparisonPlan plan) throws IOException {
    List<ComparisonRow> rows = new ArrayList<>();
    for (Candidate candidate : plan.candidates()) {
      rows.add(ComparisonRow.read(plan, candidate));
    }
    ComparisonRow baseline = rows.get(plan.candidates().indexOf(plan.baseline()));
    return new Comparison(plan, rows, baseline);
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
