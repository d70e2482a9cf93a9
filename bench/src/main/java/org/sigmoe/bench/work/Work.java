package org.sigmoe.bench.work;

import java.util.ArrayList;
import java.util.List;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Graph;

/** Something that is timed. Its name says which kind it is: {@code op/layer-norm}. */
public sealed interface Work permits OpWork, LayerWork, StepWork {

  /** By which text names it. */
  String label();

  /** The graph whose nodes are the work, to be counted and not to be run. */
  Graph graph(Sizes sizes);

  /** All works. */
  static List<Work> all() {
    List<Work> all = new ArrayList<>(List.of(OpWork.values()));
    for (Family family : Family.values()) {
      for (LayerWork.Pass pass : LayerWork.Pass.values()) {
        all.add(new LayerWork(family, pass));
      }
      all.add(new StepWork(family));
    }
    return all;
  }

  /**
   * The work of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Work of(String label) {
    return all().stream()
        .filter(work -> work.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no work is called '%s'; there are %s"
                        .formatted(label, all().stream().map(Work::label).toList())));
  }
}
