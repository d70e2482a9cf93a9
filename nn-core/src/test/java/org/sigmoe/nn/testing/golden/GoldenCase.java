package org.sigmoe.nn.testing.golden;

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
public record GoldenCase(
    String family, String name, JsonNode description, Path file, String prefix) {

  /** An integer that the case was run with. */
  public int hyper(String key) {
    return description.required("hyper").required(key).intValue();
  }

  /** A number that the case was run with. */
  public double hyperDouble(String key) {
    return description.required("hyper").required(key).doubleValue();
  }

  /** An integer that the case may have been run with, or what stands for its absence. */
  public int hyper(String key, int absent) {
    return description.required("hyper").path(key).asInt(absent);
  }

  /** A number that the case may have been run with, or what stands for its absence. */
  public double hyperDouble(String key, double absent) {
    return description.required("hyper").path(key).asDouble(absent);
  }

  /** A word that the case may have been run with, or what stands for its absence. */
  public String hyperText(String key, String absent) {
    return description.required("hyper").path(key).asText(absent);
  }

  /** Something that the case may have been run with or without, or what stands for its absence. */
  public boolean hyperFlag(String key, boolean absent) {
    return description.required("hyper").path(key).asBoolean(absent);
  }

  /** Which code made it. */
  public String kernel() {
    return description.required("kernel").asText();
  }

  /** Shapes of the tensors that count, by name. */
  public Map<String, List<Long>> tensors() {
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

  /** The shape of a tensor that counts. */
  public int[] shape(String tensor) {
    List<Long> sizes = tensors().get(tensor);
    if (sizes == null) {
      throw new AssertionError(this + " lists no tensor " + tensor);
    }
    return sizes.stream().mapToInt(Math::toIntExact).toArray();
  }

  /** Whether a tensor of this name counts. */
  public boolean has(String tensor) {
    return description.required("tensors").has(tensor);
  }

  /** How many numbered things there are: the least i for which no tensor begins with prefix i. */
  public int count(String prefixOfNumber) {
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
