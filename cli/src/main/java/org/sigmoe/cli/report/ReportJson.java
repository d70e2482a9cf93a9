package org.sigmoe.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.cli.report.runs.Session;
import org.sigmoe.cli.statistics.Spread;
import org.sigmoe.xl.metrics.Metric;

/** The numbers of a report. */
public final class ReportJson {
  private ReportJson() {}

  /** An object with {@code models}, and in each of them {@code runs}, curves included. */
  public static ObjectNode object(Report report) {
    ObjectNode object = Json.object().put("version", report.version());
    ArrayNode models = object.putArray("models");
    report.groups().forEach(group -> model(models.addObject(), group));
    ArrayNode samples = object.putArray("samples");
    for (TextSample sample : report.samples()) {
      samples
          .addObject()
          .put("folder", sample.run().toString())
          .put("step", sample.step())
          .put("seed", sample.seed())
          .put("temperature", sample.temperature())
          .put("prompt", sample.prompt())
          .put("text", sample.text());
    }
    return object;
  }

  private static void model(ObjectNode node, RunGroup group) {
    node.put("name", group.name()).put("unit", group.unit());
    group.model().ifPresent(model -> size(node, model));
    group.lastBits().ifPresent(bits -> spread(node.putObject("lastBits"), bits));
    group.bestBits().ifPresent(bits -> spread(node.putObject("bestBits"), bits));
    group.tokensPerSecond().ifPresent(speed -> node.put("tokensPerSecond", speed));
    ArrayNode runs = node.putArray("runs");
    group.runs().forEach(run -> run(runs.addObject(), run));
  }

  private static void size(ObjectNode node, ModelReport model) {
    node.put("family", model.feedForward().family())
        .put("parameters", model.parameters())
        .put("feedForwardPercentOfDense", model.feedForward().percentOfDense(model.feedForward()))
        .put("flopsPerToken", Math.round(model.flopsPerToken()))
        .put("memoryBytes", model.memory().total());
  }

  private static void spread(ObjectNode node, Spread spread) {
    node.put("count", spread.count())
        .put("mean", spread.mean())
        .put("standardDeviation", spread.deviation())
        .put("least", spread.least())
        .put("most", spread.most());
  }

  private static void run(ObjectNode node, RunRecord run) {
    node.put("name", run.name())
        .put("folder", run.folder().toString())
        .put("state", run.standing().name().toLowerCase(Locale.ROOT))
        .put("stepsDone", run.stepsDone())
        .put("resumed", run.resumed());
    run.settings()
        .ifPresent(settings -> node.put("seed", settings.seed()).put("steps", settings.steps()));
    run.tokensPerSecond().ifPresent(speed -> node.put("tokensPerSecond", speed));
    run.seconds().ifPresent(seconds -> node.put("seconds", seconds));
    texts(node.putArray("gaps"), run.gaps());
    texts(node.putArray("warnings"), run.log().warnings());
    texts(
        node.putArray("commands"),
        run.log().sessions().stream()
            .map(Session::command)
            .map(command -> command.orElse(""))
            .toList());
    Json.points(node.putArray("validation"), run.validation());
    Json.points(node.putArray("training"), run.metrics().series(Metric.BITS_PER_TOKEN).points());
    run.analysis().ifPresent(analysis -> node.set("analysis", analysis.json()));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
