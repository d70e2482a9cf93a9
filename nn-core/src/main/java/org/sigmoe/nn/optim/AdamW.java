package org.sigmoe.nn.optim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.layer.ParameterGradients;

/**
 * Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019), with clipping
 * of the gradients by their global norm. Without decay it is Adam, which the paper trains with.
 *
 * @param beta1 decay of the running mean of gradients, in [0, 1)
 * @param beta2 decay of the running mean of squared gradients, in [0, 1)
 * @param epsilon added to the denominator, at least 0
 * @param weightDecay fraction of a weight, times the learning rate, that each step takes away
 * @param maxNorm global norm above which gradients are scaled down to it; infinite for none
 */
public record AdamW(
    double beta1, double beta2, double epsilon, double weightDecay, double maxNorm) {

  /** Checks the ranges; the message names the component. */
  public AdamW {
    requireRange(beta1 >= 0 && beta1 < 1, "beta1", "in [0, 1)", beta1);
    requireRange(beta2 >= 0 && beta2 < 1, "beta2", "in [0, 1)", beta2);
    requireRange(epsilon >= 0, "epsilon", "at least 0", epsilon);
    requireRange(weightDecay >= 0, "weightDecay", "at least 0", weightDecay);
    requireRange(maxNorm > 0, "maxNorm", "above 0", maxNorm);
  }

  /** PyTorch's defaults of {@code torch.optim.Adam}: no decay; no clipping. */
  public static AdamW adam() {
    return new AdamW(0.9, 0.999, 1e-8, 0, Double.POSITIVE_INFINITY);
  }

  /** PyTorch's defaults of {@code torch.optim.AdamW}: decay 0.01; no clipping. */
  public static AdamW adamW() {
    return adam().withWeightDecay(0.01);
  }

  /** With another weight decay. */
  public AdamW withWeightDecay(double decay) {
    return new AdamW(beta1, beta2, epsilon, decay, maxNorm);
  }

  /** With clipping at another global norm. */
  public AdamW withMaxNorm(double norm) {
    return new AdamW(beta1, beta2, epsilon, weightDecay, norm);
  }

  /**
   * Appends one step of the optimiser, in the phase {@link Node.Phase#UPDATE}: the global norm of
   * all gradients, the clip factor, and the update of each parameter and its two moments.
   *
   * @param gradients for each trained parameter its gradient; the iteration order is the order in
   *     which the norm sums, so it must be a fixed one
   * @return what the step needs to be fed and what it gives
   * @throws IllegalArgumentException if there is no gradient, or one of an unused parameter
   */
  public AdamWUpdate append(Map<Parameter, Value> gradients) {
    if (gradients.isEmpty()) {
      throw new IllegalArgumentException("There is no gradient to take a step along");
    }
    Graph graph = gradients.values().iterator().next().graph();
    try (Graph.Scope _ = graph.phase(Node.Phase.UPDATE);
        Graph.Scope _ = graph.scope("optimizer")) {
      Value squaredNorm = graph.constant("zero", Shape.scalar(), () -> new float[1]);
      for (Value gradient : gradients.values()) {
        squaredNorm = AddSquaredNorm.of(squaredNorm, gradient);
      }
      Node clip = ClipFactor.of(squaredNorm, (float) maxNorm);
      Map<Parameter.Role, AdamWUpdate.Schedule> schedules = new EnumMap<>(Parameter.Role.class);
      List<AdamWUpdate.Moments> moments = new ArrayList<>();
      gradients.forEach(
          (parameter, gradient) -> {
            AdamWUpdate.Schedule schedule =
                schedules.computeIfAbsent(parameter.role(), role -> schedule(graph, role));
            moments.add(step(parameter, gradient, clip.result(1), schedule.input()));
          });
      return new AdamWUpdate(
          graph.output(clip.result(0)), List.copyOf(schedules.values()), List.copyOf(moments));
    }
  }

  /**
   * Appends the backward pass for a loss and one step of the optimiser: {@link ParameterGradients}
   * and {@link #append}.
   *
   * @param loss [1]
   * @param parameters what is trained, unused ones apart
   * @return what the step needs to be fed and what it gives
   */
  public AdamWUpdate minimise(Value loss, List<Parameter> parameters) {
    return append(ParameterGradients.of(loss, parameters));
  }

  private AdamWUpdate.Moments step(
      Parameter parameter, Value gradient, Value factor, Value schedule) {
    Variable variable = parameter.variable();
    Variable mean = new Variable(variable.name() + ".exp_avg", variable.type());
    Variable meanSquare = new Variable(variable.name() + ".exp_avg_sq", variable.type());
    Graph graph = gradient.graph();
    graph.apply(
        new Adam(beta1, beta2, epsilon),
        graph.read(variable),
        graph.read(mean),
        graph.read(meanSquare),
        gradient,
        factor,
        schedule);
    return new AdamWUpdate.Moments(parameter, mean, meanSquare);
  }

  private AdamWUpdate.Schedule schedule(Graph graph, Parameter.Role role) {
    AdamW config =
        switch (role) {
          case WEIGHT -> this;
          case UNDECAYED -> withWeightDecay(0);
          case UNUSED ->
              throw new IllegalArgumentException("An unused parameter has a gradient of zero");
        };
    String name = "schedule." + role.name().toLowerCase(Locale.ROOT);
    return new AdamWUpdate.Schedule(graph.input(name, TensorType.f32(3)), config);
  }

  private static void requireRange(boolean holds, String key, String range, double value) {
    if (!holds) {
      throw new IllegalArgumentException("%s: must be %s, got %s".formatted(key, range, value));
    }
  }
}
