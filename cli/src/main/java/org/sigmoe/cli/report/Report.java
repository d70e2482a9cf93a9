package org.sigmoe.cli.report;

import java.time.LocalDateTime;
import java.util.List;
import org.sigmoe.cli.report.figures.Figures;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;

/**
 * A report, ready to be written.
 *
 * @param groups runs, those together that differ in their seed alone
 * @param figures drawn of them
 * @param samples what their models wrote
 * @param made when
 * @param version of the program
 */
public record Report(
    List<RunGroup> groups,
    Figures figures,
    List<TextSample> samples,
    LocalDateTime made,
    String version) {

  /** Copies the lists. */
  public Report {
    groups = List.copyOf(groups);
    samples = List.copyOf(samples);
  }

  /** Groups runs and draws their figures. */
  public static Report of(
      List<RunRecord> runs, List<TextSample> samples, LocalDateTime made, String version) {
    List<RunGroup> groups = RunGroup.of(runs);
    return new Report(groups, Figures.of(groups), samples, made, version);
  }

  /** All runs, those of a group together. */
  public List<RunRecord> runs() {
    return groups.stream().flatMap(group -> group.runs().stream()).toList();
  }

  /** The page, in HTML. */
  public String html() {
    return new ReportPage(this).html();
  }
}
