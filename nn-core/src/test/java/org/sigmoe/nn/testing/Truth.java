package org.sigmoe.nn.testing;

import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;

/** What the reference engine computes, for tests that know it by other means. */
public final class Truth {
  private Truth() {}

  /** A value of a graph after one run. */
  public static double[] of(Value value, Scenario.Step step) {
    Graph graph = value.graph();
    graph.output(value);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      step.writes().forEach(engine::write);
      step.feeds().forEach(program::feed);
      program.run();
      return program.fetch(value);
    }
  }
}
