package org.sigmoe.xl.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * One case: what the paper's code was run with and every tensor that it gave.
 *
 * @param family of cases, for example {@code txl}
 * @param name of the case in its family
 * @param description as the JSON file has it
 * @param file where the tensors lie
 * @param prefix of the tensors' names in that file
 */
record GoldenCase(String family, String name, JsonNode description, Path file, String prefix) {

  /** An integer that the case was run with. */
  int hyper(String key) {
    return description.required("hyper").required(key).intValue();
  }

  /** A number that the case was run with. */
  double hyperDouble(String key) {
    return description.required("hyper").required(key).doubleValue();
  }

  /** Which code made it. */
  String kernel() {
    return description.required("kernel").asText();
  }

  /** Shapes of the tensors that count, by name. */
  Map<String, List<Long>> tensors() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    description
        .required("tensors")
        .properties()
        .forEach(
            entry -> {
              List<Long> shape = new ArrayList<>();
              entry.getValue().get(1).forEach(size -> shape.add(size.longValue()));
              shapes.put(entry.getKey(), shape);
            });
    return shapes;
  }

  /** Whether a tensor of this name counts. */
  boolean has(String tensor) {
    return description.required("tensors").has(tensor);
  }

  /** How many numbered things there are: the least i for which no tensor begins with prefix i. */
  int count(String prefixOfNumber) {
    int count = 0;
    while (anyBeginsWith(prefixOfNumber + count)) {
      count++;
    }
    return count;
  }

  private boolean anyBeginsWith(String beginning) {
    Iterable<String> names = () -> description.required("tensors").fieldNames();
    return StreamSupport.stream(names.spliterator(), false)
        .anyMatch(
            tensor ->
                tensor.startsWith(beginning)
                    && (tensor.length() == beginning.length()
                        || tensor.charAt(beginning.length()) == '.'));
  }

  @Override
  public String toString() {
    return family + "/" + name;
  }
}
