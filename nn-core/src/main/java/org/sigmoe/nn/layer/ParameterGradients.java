package org.sigmoe.nn.layer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Gradients;
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
    List<Parameter> trained = parameters.stream().filter(Parameter::trained).toList();
    List<Value> found =
        Gradients.of(
            loss,
            trained.stream().map(parameter -> loss.graph().read(parameter.variable())).toList());
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (int i = 0; i < trained.size(); i++) {
      gradients.put(trained.get(i), found.get(i));
    }
    return Collections.unmodifiableMap(gradients);
  }
}
