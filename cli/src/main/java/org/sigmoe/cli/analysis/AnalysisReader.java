package org.sigmoe.cli.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;
import org.sigmoe.xl.eval.EvaluationResult;

/** Reads what {@link AnalysisWriter} wrote, and believes none of it unseen. */
final class AnalysisReader {
  private AnalysisReader() {}

  /**
   * The analysis in an object.
   *
   * @throws IOException if it holds none, or a part of it is missing or makes no sense; says which
   */
  static RunAnalysis read(JsonNode object) throws IOException {
    List<LayerAnalysis> layers = new ArrayList<>();
    for (JsonNode layer : list(object, "layers")) {
      layers.add(layer(layer));
    }
    double loss = number(object, "bitsPerToken") * Math.log(2);
    return new RunAnalysis(
        text(object, "run"),
        whole(object, "step"),
        text(object, "text"),
        new ModelAnalysis(new EvaluationResult(whole(object, "tokens"), 0, loss), layers));
  }

  private static LayerAnalysis layer(JsonNode layer) throws IOException {
    JsonNode units = layer.path("units");
    JsonNode experts = layer.path("experts");
    JsonNode values = layer.path("values");
    return new LayerAnalysis(
        text(layer, "name"),
        units.isObject() ? Optional.of(units(units)) : Optional.empty(),
        experts.isObject() ? Optional.of(experts(experts)) : Optional.empty(),
        values.isObject() ? Optional.of(use(values)) : Optional.empty());
  }

  private static UnitUse units(JsonNode node) throws IOException {
    return new UnitUse(
        count(node, "count"),
        number(node, "activeMean"),
        number(node, "activeDeviation"),
        count(node, "neverActive"));
  }

  private static ExpertUse experts(JsonNode node) throws IOException {
    Use use = use(node);
    List<List<Double>> rows = new ArrayList<>();
    for (JsonNode row : list(node, "coOccurrence")) {
      rows.add(numbers(row, "coOccurrence"));
    }
    if (rows.size() != use.choices()
        || rows.stream().anyMatch(row -> row.size() != use.choices())) {
      throw wrong("coOccurrence", "has not a row and a column for each expert");
    }
    return new ExpertUse(use, rows);
  }

  private static Use use(JsonNode node) throws IOException {
    List<Double> shares = numbers(list(node, "shares"), "shares");
    if (shares.size() != count(node, "count")) {
      throw wrong("shares", "are not as many as 'count' says");
    }
    return new Use(shares.size(), count(node, "selectedPerToken"), shares);
  }

  private static List<Double> numbers(JsonNode array, String key) throws IOException {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isNumber() || element.doubleValue() < 0) {
        throw wrong(key, "holds something other than numbers from 0 on");
      }
      numbers.add(element.doubleValue());
    }
    return numbers;
  }

  private static JsonNode list(JsonNode node, String key) throws IOException {
    JsonNode value = node.path(key);
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(key, "is missing, or no list");
    }
    return value;
  }

  private static double number(JsonNode node, String key) throws IOException {
    JsonNode value = node.path(key);
    if (!value.isNumber()) {
      throw wrong(key, "is missing, or no number");
    }
    return value.doubleValue();
  }

  private static long whole(JsonNode node, String key) throws IOException {
    JsonNode value = node.path(key);
    if (!value.canConvertToLong() || value.longValue() < 0) {
      throw wrong(key, "is missing, or no whole number from 0 on");
    }
    return value.longValue();
  }

  private static int count(JsonNode node, String key) throws IOException {
    long value = whole(node, key);
    if (value > Integer.MAX_VALUE) {
      throw wrong(key, "is too large");
    }
    return (int) value;
  }

  private static String text(JsonNode node, String key) throws IOException {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw wrong(key, "is missing, or no text");
    }
    return value.textValue();
  }

  private static IOException wrong(String key, String what) {
    return new IOException("'%s' %s".formatted(key, what));
  }
}
