package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.info.FeedForwardReport;
import org.sigmoe.cli.info.MemoryNeed;
import org.sigmoe.cli.info.ModelPart;
import org.sigmoe.cli.info.ModelReport;
import org.sigmoe.cli.output.Json;
import org.sigmoe.xl.model.ModelConfig;

/** What models take, as JSON. */
final class ModelJson {
  private ModelJson() {}

  /** One model. */
  static ObjectNode one(Configuration configuration, ModelReport report) {
    return fill(Json.object(), configuration, report);
  }

  /** Models beside each other: {@code models}, with their differences to the first. */
  static ObjectNode several(List<ModelRow> rows) {
    ObjectNode object = Json.object();
    ArrayNode models = object.putArray("models");
    ModelReport first = rows.getFirst().report();
    for (ModelRow row : rows) {
      ObjectNode model = models.addObject().put("name", row.name());
      fill(model, row.configuration(), row.report())
          .put("parameterDifference", row.report().parameters() - first.parameters())
          .put(
              "feedForwardPercentOfDense",
              row.report().feedForward().percentOfDense(first.feedForward()));
    }
    return object;
  }

  private static ObjectNode fill(
      ObjectNode object, Configuration configuration, ModelReport report) {
    ModelConfig model = report.model();
    MemoryNeed memory = report.memory();
    FeedForwardReport feedForward = report.feedForward();
    object
        .put("config", configuration.origin())
        .put("parameters", report.parameters())
        .put("flopsPerToken", Math.round(report.flopsPerToken()))
        .put("trainingFlopsPerToken", Math.round(report.trainingFlopsPerToken()))
        .put("activationBytes", memory.activations())
        .put("memoryBytes", memory.total())
        .put("vocabulary", model.vocabulary())
        .put("batch", report.batch().streams())
        .put("accumulate", report.batch().parts())
        .put("context", model.context())
        .put("memory", model.memory())
        .put("family", feedForward.family())
        .put("feedForwardParameters", feedForward.block().parameters())
        .put("feedForwardFlopsPerToken", Math.round(feedForward.block().flopsPerToken()))
        .put(
            "feedForwardActivationBytesPerToken",
            Math.round(feedForward.block().activationBytesPerToken()))
        .put("feedForwardPercentOfDense", feedForward.percentOfDense(feedForward));
    configuration
        .denseMatch()
        .ifPresent(
            match ->
                object
                    .put("matchDense", match.dFeedForward())
                    .put("feedForwardParameterDifference", match.difference()));
    ArrayNode parts = object.putArray("parts");
    for (ModelPart part : report.parts()) {
      parts
          .addObject()
          .put("name", part.name())
          .put("parameters", part.parameters())
          .put("flopsPerToken", Math.round(part.flopsPerToken()))
          .put("trainingFlopsPerToken", Math.round(part.trainingFlopsPerToken()));
    }
    return object;
  }
}
