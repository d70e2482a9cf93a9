package org.sigmoe.cli.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.statistics.Spread;

/** A comparison as JSON, curves included. */
final class ComparisonJson {
  private ComparisonJson() {}

  static ObjectNode object(Comparison comparison) {
    ObjectNode object =
        Json.object()
            .put("conditions", comparison.conditions())
            .put("baseline", comparison.baseline().name());
    ArrayNode seeds = object.putArray("seeds");
    comparison.plan().seeds().forEach(seeds::add);
    ArrayNode missing = object.putArray("missing");
    comparison.missing().forEach(missing::add);
    ArrayNode models = object.putArray("models");
    comparison.rows().forEach(row -> model(models.addObject(), comparison, row));
    return object;
  }

  private static void model(ObjectNode model, Comparison comparison, ComparisonRow row) {
    Spread bits = row.bitsPerToken();
    model
        .put("name", row.name())
        .put("family", row.report().feedForward().family())
        .put("parameters", row.report().parameters())
        .put("parameterDifference", comparison.parameterDifference(row))
        .put("feedForwardPercentOfDense", comparison.percentOfDense(row))
        .put("activationBytes", row.report().memory().activations())
        .put("memoryBytes", row.report().memory().total())
        .put("tokensPerSecond", row.tokensPerSecond())
        .put("perplexity", row.perplexity());
    model
        .putObject("bitsPerToken")
        .put("mean", bits.mean())
        .put("standardDeviation", bits.deviation())
        .put("least", bits.least())
        .put("most", bits.most());
    ArrayNode runs = model.putArray("runs");
    for (RunResult run : row.runs()) {
      ObjectNode object =
          runs.addObject()
              .put("seed", run.seed())
              .put("folder", comparison.plan().folder().relativize(run.folder()).toString())
              .put("bitsPerToken", run.bitsPerToken())
              .put("tokensPerSecond", run.tokensPerSecond())
              .put("seconds", run.seconds());
      Json.points(object.putArray("validation"), run.validation().points());
      Json.points(object.putArray("training"), run.training().points());
    }
  }
}
