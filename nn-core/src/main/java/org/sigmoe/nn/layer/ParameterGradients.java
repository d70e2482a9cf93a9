package org.sigmoe.nn.layer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;

/** Gradients of a loss for parameters. */
public final class ParameterGradients {
  private ParameterGradients() {}

  /**
   * Appends the backward pass.
   *
   * @param loss [1]
   * @param parameters those to differentiate with respect to; unused ones are passed over, because
   *     nothing depends on them
   * @return for each trained parameter its gradient, in the given order
   * @throws IllegalArgumentException if the loss does not depend on one that is trained
   */
  public static Map<Parameter, Value> of(Value loss, List<Parameter> parameters) {
    return ofAll(parameters, wrt -> Gradients.of(loss, wrt), loss.graph());
  }

  /**
   * Appends the backward pass for given gradients.
   *
   * @param seeds for each value to differentiate the gradient of the loss for it, of its shape
   * @param parameters as above
   * @return as above
   */
  public static Map<Parameter, Value> of(Map<Value, Value> seeds, List<Parameter> parameters) {
    Graph graph = seeds.keySet().iterator().next().graph();
    return ofAll(parameters, wrt -> Gradients.of(seeds, wrt), graph);
  }

  private static Map<Parameter, Value> ofAll(
      List<Parameter> parameters, UnaryOperator<List<Value>> gradients, Graph graph) {
    List<Parameter> trained = parameters.stream().filter(Parameter::trained).toList();
    List<Value> found =
        gradients.apply(
            trained.stream().map(parameter -> graph.read(parameter.variable())).toList());
    Map<Parameter, Value> byParameter = new LinkedHashMap<>();
    for (int i = 0; i < trained.size(); i++) {
      byParameter.put(trained.get(i), found.get(i));
    }
    return Collections.unmodifiableMap(byParameter);
  }
}
