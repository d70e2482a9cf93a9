package org.sigmoe.nn.layer;

import java.util.List;

/** A part of a model that has parameters. */
public interface Layer {

  /** Its parameters, in the order in which checkpoints list them. */
  List<Parameter> parameters();

  /** Number of elements of all parameters together. */
  default long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().elements()).sum();
  }
}
