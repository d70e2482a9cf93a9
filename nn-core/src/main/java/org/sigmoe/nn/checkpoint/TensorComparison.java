package org.sigmoe.nn.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the tensors of a file with those that a model expects. */
final class TensorComparison {

  private static final int SHOWN = 5;

  private TensorComparison() {}

  /**
   * Returns the differences, one in words for each tensor, in the order of the expected tensors and
   * then of those that only the file has; empty if there are none.
   */
  static List<String> differences(Collection<TensorSpec> inFile, Collection<TensorSpec> expected) {
    Map<String, TensorSpec> unclaimed = new LinkedHashMap<>();
    inFile.forEach(spec -> unclaimed.put(spec.name(), spec));
    List<String> differences = new ArrayList<>();
    for (TensorSpec want : expected) {
      TensorSpec have = unclaimed.remove(want.name());
      if (have == null) {
        differences.add(want + " in the model, missing in the file");
      } else if (!have.equals(want)) {
        differences.add(want + " in the model, " + have.describeType() + " in the file");
      }
    }
    for (TensorSpec extra : unclaimed.values()) {
      differences.add(extra + " in the file, unknown to the model");
    }
    return differences;
  }

  /** Returns the first few differences, a line each, and how many there are in all. */
  static String summary(List<String> differences) {
    StringBuilder text = new StringBuilder();
    text.append(differences.size())
        .append(differences.size() == 1 ? " tensor differs" : " tensors differ");
    differences.stream().limit(SHOWN).forEach(d -> text.append("\n  ").append(d));
    if (differences.size() > SHOWN) {
      text.append("\n  and ").append(differences.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}
