package org.sigmoe.cli.info;

import java.util.Collection;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.optim.AdamWUpdate;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * Bytes that a training takes on its engine.
 *
 * @param parameters the model
 * @param optimiser its moments
 * @param carried memory of earlier segments
 * @param inputs what is fed or constant
 * @param working results of a step, gradients included, in buffers that are used again
 * @param activations the part of {@code working} that the forward pass keeps for the backward pass
 */
public record MemoryNeed(
    long parameters, long optimiser, long carried, long inputs, long working, long activations) {

  static MemoryNeed of(LanguageModel model, TrainingGraph training) {
    BufferPlan plan = BufferPlan.of(training.graph());
    return new MemoryNeed(
        model.parameters().stream().mapToLong(p -> p.variable().type().bytes()).sum(),
        training.update().map(AdamWUpdate::stateVariables).map(MemoryNeed::bytes).orElse(0L),
        training.parts().stream().mapToLong(part -> bytes(part.memory().layers())).sum(),
        training.graph().values().stream()
            .filter(MemoryNeed::isGiven)
            .mapToLong(value -> value.type().bytes())
            .sum(),
        plan.bytes(),
        plan.activationBytes());
  }

  private static long bytes(Collection<Variable> variables) {
    return variables.stream().mapToLong(variable -> variable.type().bytes()).sum();
  }

  private static boolean isGiven(Value value) {
    return switch (value.origin()) {
      case Value.Input _, Value.Constant _ -> true;
      case Value.Held _, Value.Result _ -> false;
    };
  }

  /** All of it. */
  public long total() {
    return parameters + optimiser + carried + inputs + working;
  }
}
