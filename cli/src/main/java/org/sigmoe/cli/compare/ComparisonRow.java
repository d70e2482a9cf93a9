package org.sigmoe.cli.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.statistics.Median;
import org.sigmoe.cli.statistics.Spread;
import org.sigmoe.xl.checkpoint.RunLayout;

/**
 * What came out for one candidate.
 *
 * @param name the candidate's
 * @param report what its model takes
 * @param runs one for each seed with which it is finished, at least one
 */
record ComparisonRow(String name, ModelReport report, List<RunResult> runs) {

  /** Copies the runs. */
  ComparisonRow {
    runs = List.copyOf(runs);
  }

  /** Reads the finished runs of a candidate, of which there is at least one. */
  static ComparisonRow read(Candidate candidate, List<ComparisonPlan.Run> finished)
      throws IOException {
    List<RunResult> results = new ArrayList<>();
    for (ComparisonPlan.Run run : finished) {
      results.add(RunResult.read(run));
    }
    // As it was trained: with the vocabulary of the data.
    RunLayout layout = new RunLayout(results.getFirst().folder());
    RunConfig run = Configuration.ofRun(layout.config(), Settings.empty()).run();
    return new ComparisonRow(
        candidate.name(), ModelReport.of(run.model(), run.streams(), run.optimiser()), results);
  }

  /** Bits per token of held-out text. */
  Spread bitsPerToken() {
    return Spread.of(runs.stream().mapToDouble(RunResult::bitsPerToken).toArray());
  }

  /** 2^bits of the mean. */
  double perplexity() {
    return Math.pow(2, bitsPerToken().mean());
  }

  /** The median over the seeds. */
  double tokensPerSecond() {
    return Median.of(runs.stream().mapToDouble(RunResult::tokensPerSecond).toArray());
  }
}
