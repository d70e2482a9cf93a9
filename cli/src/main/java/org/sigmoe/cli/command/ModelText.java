package org.sigmoe.cli.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.info.FeedForwardReport;
import org.sigmoe.cli.info.MemoryNeed;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.info.PartRow;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.ModelConfig;

/**
 * What models take, for people.
 *
 * @param out takes the lines
 */
record ModelText(PrintStream out) {

  /** One model, part by part. */
  void one(Configuration configuration, ModelReport report) {
    ModelConfig model = report.model();
    MemoryNeed memory = report.memory();
    FeedForwardReport feedForward = report.feedForward();
    line("config      %s", configuration.origin());
    line(
        "model       %d layers, width %d, %d heads of %d, vocabulary %s, dropout %s",
        model.layers(),
        model.dModel(),
        model.heads(),
        model.headSize(),
        Units.count(model.vocabulary()),
        model.dropout());
    line(
        "step        batch %s, context %d, memory %d: %s tokens",
        batch(report.batch()),
        model.context(),
        model.memory(),
        Units.count((long) report.batch().streams() * model.context()));
    line("parameters  %s", Units.count(report.parameters()));
    configuration.denseMatch().ifPresent(match -> line("matched     %s", match));
    line(
        "FLOPs       %s a token forward, %s a token in training, %s a training step",
        Units.large(report.flopsPerToken()),
        Units.large(report.trainingFlopsPerToken()),
        Units.large(report.trainingFlopsPerToken() * report.batch().streams() * model.context()));
    line(
        "memory      %s in training: %s parameters, %s optimiser, %s carried, %s inputs and"
            + " constants, %s working",
        Units.bytes(memory.total()),
        Units.bytes(memory.parameters()),
        Units.bytes(memory.optimiser()),
        Units.bytes(memory.carried()),
        Units.bytes(memory.inputs()),
        Units.bytes(memory.working()));
    line("activations %s kept for the backward pass", Units.bytes(memory.activations()));
    line(
        "blocks      %s: %s parameters and %s FLOPs a token each, %s of dense with as many"
            + " parameters",
        feedForward.family(),
        Units.count(feedForward.block().parameters()),
        Units.large(feedForward.block().flopsPerToken()),
        Units.percent(feedForward.percentOfDense(feedForward)));
    line("");
    Table table =
        new Table("part", "times", "parameters", "FLOPs/token", "FLOPs/token in training");
    for (PartRow row : PartRow.of(report.parts())) {
      table.row(
          row.name(),
          Integer.toString(row.times()),
          Units.count(row.each().parameters()),
          Units.count(Math.round(row.each().flopsPerToken())),
          Units.count(Math.round(row.each().trainingFlopsPerToken())));
    }
    table.lines().forEach(out::println);
  }

  private static String batch(Batch batch) {
    return batch.parts() == 1
        ? Integer.toString(batch.streams())
        : "%d in %d parts".formatted(batch.streams(), batch.parts());
  }

  /** Models beside each other; differences and percentages are against the first. */
  void several(List<ModelRow> rows) {
    ModelReport first = rows.getFirst().report();
    Table table =
        new Table(
                "model",
                "family",
                "parameters",
                "difference",
                "FF FLOPs/token",
                "of dense",
                "activations",
                "memory")
            .leftAligned(1);
    for (ModelRow row : rows) {
      ModelReport report = row.report();
      FeedForwardReport feedForward = report.feedForward();
      table.row(
          row.name(),
          feedForward.family(),
          Units.count(report.parameters()),
          String.format(Locale.ROOT, "%+,d", report.parameters() - first.parameters()),
          Units.count(Math.round(feedForward.block().flopsPerToken())),
          Units.percent(feedForward.percentOfDense(first.feedForward())),
          Units.bytes(report.memory().activations()),
          Units.bytes(report.memory().total()));
    }
    table.lines().forEach(out::println);
    line("");
    line(
        "FF FLOPs are of the forward pass of one feed-forward block; dense has as many parameters"
            + " as the block of %s.",
        rows.getFirst().name());
    for (ModelRow row : rows) {
      row.configuration().denseMatch().ifPresent(match -> line("%s: %s.", row.name(), match));
    }
  }

  private void line(String format, Object... arguments) {
    out.println(format.formatted(arguments));
  }
}
