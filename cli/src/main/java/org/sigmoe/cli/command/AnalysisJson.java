package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;

/** How a model is used, as JSON. */
final class AnalysisJson {
  private AnalysisJson() {}

  /** Adds what was found to an object that says of what. */
  static void fill(ObjectNode object, ModelAnalysis analysis) {
    object
        .put("tokens", analysis.result().tokens())
        .put("bitsPerToken", analysis.result().bitsPerToken());
    ArrayNode layers = object.putArray("layers");
    for (LayerAnalysis layer : analysis.layers()) {
      ObjectNode node = layers.addObject().put("name", layer.name());
      layer.units().ifPresent(units -> units(node.putObject("units"), units));
      layer.experts().ifPresent(experts -> experts(node.putObject("experts"), experts));
      layer.values().ifPresent(values -> use(node.putObject("values"), values));
    }
  }

  private static void units(ObjectNode node, UnitUse units) {
    node.put("count", units.units())
        .put("activeMean", units.mean())
        .put("activeDeviation", units.deviation())
        .put("activeShare", units.share())
        .put("neverActive", units.neverActive());
  }

  private static void experts(ObjectNode node, ExpertUse experts) {
    use(node, experts.use());
    numbers(node.putArray("shares"), experts.use().shares());
    numbers(node.putArray("sortedShares"), experts.use().sorted());
    ArrayNode rows = node.putArray("coOccurrence");
    experts.coOccurrence().forEach(row -> numbers(rows.addArray(), row));
  }

  private static void use(ObjectNode node, Use use) {
    node.put("count", use.choices())
        .put("selectedPerToken", use.perToken())
        .put("entropy", use.entropy())
        .put("relativePerplexity", use.relativePerplexity())
        .put("unused", use.unused())
        .put("usedShare", use.usedShare());
  }

  private static void numbers(ArrayNode array, List<Double> numbers) {
    numbers.forEach(array::add);
  }
}
