package org.sigmoe.xl.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;

/**
 * One step of training on a segment: forward pass, loss, gradients and, with an optimiser, the
 * update of the parameters; memory moves on by the segment.
 *
 * <p>Before each run feed {@link #tokens}, {@link #targets}, {@link #dropoutKey}, {@link
 * #memoryFilled} and the schedules of {@link #update}.
 *
 * @param graph the whole step
 * @param memory what is carried from segment to segment; checkpoints keep it
 * @param tokens input i32[B, T]
 * @param targets input i32[B, T], the token after each one
 * @param dropoutKey input i32[2]: seed and step number
 * @param memoryFilled input i32[1]: how many positions of memory hold something
 * @param meanNll output [1]: mean negative log-likelihood of the targets, in nats
 * @param auxiliaryLoss output [1]: sum of the auxiliary losses of the feed-forward blocks, already
 *     weighted; empty where they have none
 * @param gradients of the loss (both together) for each trained parameter, in the order of {@link
 *     LanguageModel#parameters}
 * @param update the optimiser's step; empty where there is no optimiser
 */
public record TrainingGraph(
    Graph graph,
    Memory memory,
    Value tokens,
    Value targets,
    Value dropoutKey,
    Value memoryFilled,
    Value meanNll,
    Optional<Value> auxiliaryLoss,
    Map<Parameter, Value> gradients,
    Optional<AdamWUpdate> update) {

  /** A step that trains a model on {@code batch} rows with its own context and memory. */
  public static TrainingGraph of(LanguageModel model, int batch, AdamW optimiser) {
    TrainingGraph step = withoutUpdate(model, batch);
    return new TrainingGraph(
        step.graph,
        step.memory,
        step.tokens,
        step.targets,
        step.dropoutKey,
        step.memoryFilled,
        step.meanNll,
        step.auxiliaryLoss,
        step.gradients,
        Optional.of(optimiser.append(step.gradients)));
  }

  /** A step that computes loss and gradients and leaves the parameters as they are. */
  public static TrainingGraph withoutUpdate(LanguageModel model, int batch) {
    Graph graph = new Graph();
    Segment segment = Segment.of(graph, batch, model.config().context());
    Memory memory = model.memory(MemoryKind.LAYER_INPUTS, batch, model.config().memory());
    BuildContext context = BuildContext.training(graph);
    Value targets = graph.input("targets", segment.tokens().type());
    LanguageModel.Output out =
        model.apply(context, segment.tokens(), memory, segment.memoryFilled());
    Value meanNll = graph.output(Mean.of(CrossEntropy.of(out.logits(), targets)));
    Optional<Value> auxiliaryLoss = Optional.ofNullable(out.auxiliaryLoss()).map(graph::output);
    Value loss = auxiliaryLoss.map(auxiliary -> Add.of(meanNll, auxiliary)).orElse(meanNll);
    return new TrainingGraph(
        graph,
        memory,
        segment.tokens(),
        targets,
        Objects.requireNonNull(context.dropoutKey()),
        segment.memoryFilled(),
        meanNll,
        auxiliaryLoss,
        gradients(loss, model.parameters()),
        Optional.empty());
  }

  private static Map<Parameter, Value> gradients(Value loss, List<Parameter> parameters) {
    List<Parameter> trained = parameters.stream().filter(Parameter::trained).toList();
    List<Value> wrt = new ArrayList<>();
    trained.forEach(parameter -> wrt.add(loss.graph().read(parameter.variable())));
    List<Value> found = Gradients.of(loss, wrt);
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (int i = 0; i < trained.size(); i++) {
      gradients.put(trained.get(i), found.get(i));
    }
    return gradients;
  }
}
