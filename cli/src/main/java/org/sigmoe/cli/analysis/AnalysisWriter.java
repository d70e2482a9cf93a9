package org.sigmoe.cli.analysis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sigmoe.cli.output.Json;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;

/** How a model is used, as JSON; {@link AnalysisReader} reads it again. */
final class AnalysisWriter {
  private AnalysisWriter() {}

  static ObjectNode object(RunAnalysis analysis) {
    ObjectNode object =
        Json.object()
            .put("run", analysis.run())
            .put("step", analysis.step())
            .put("text", analysis.text())
            .put("tokens", analysis.found().result().tokens())
            .put("bitsPerToken", analysis.found().result().bitsPerToken());
    ArrayNode layers = object.putArray("layers");
    for (LayerAnalysis layer : analysis.found().layers()) {
      ObjectNode node = layers.addObject().put("name", layer.name());
      layer.units().ifPresent(units -> units(node.putObject("units"), units));
      layer.experts().ifPresent(experts -> experts(node.putObject("experts"), experts));
      layer.values().ifPresent(values -> values(node.putObject("values"), values));
    }
    return object;
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

  /** There are thousands of values: half the digits of their shares say as much. */
  private static void values(ObjectNode node, Use values) {
    use(node, values);
    ArrayNode shares = node.putArray("shares");
    values.shares().forEach(share -> shares.add(share.floatValue()));
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
