package org.sigmoe.nn.engine.reference;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Variable;

/**
 * The engine in plain Java and double precision. Beside the floats of {@link Engine} it takes and
 * gives doubles, as finite differences need.
 */
public final class ReferenceEngine implements Engine {
  private final Map<Variable, Tensor> contents = new IdentityHashMap<>();

  /** An engine whose variables are all zeros. */
  public ReferenceEngine() {}

  @Override
  public String description() {
    return "reference: plain Java, double precision, 1 thread";
  }

  @Override
  public ReferenceProgram compile(Graph graph) {
    return new ReferenceProgram(this, graph);
  }

  @Override
  public void write(Variable variable, MemorySegment data) {
    double[] elements = Segments.toDoubles(variable.name(), variable.type(), data);
    contents.put(variable, new Tensor(variable.shape(), elements));
  }

  /** Sets the contents of a variable to a copy of {@code elements}, row-major. */
  public void write(Variable variable, double[] elements) {
    contents.put(variable, new Tensor(variable.shape(), elements.clone()));
  }

  @Override
  public void read(Variable variable, MemorySegment target) {
    Segments.fromDoubles(variable.name(), variable.type(), contents(variable).elements(), target);
  }

  /** A copy of the contents of a variable, row-major. */
  public double[] read(Variable variable) {
    return contents(variable).elements().clone();
  }

  Tensor contents(Variable variable) {
    return contents.computeIfAbsent(variable, missing -> Tensor.zeros(missing.shape()));
  }

  void replace(Variable variable, Tensor tensor) {
    contents.put(variable, tensor);
  }

  @Override
  public void close() {
    contents.clear();
  }
}
