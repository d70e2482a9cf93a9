package org.sigmoe.xl.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Scale;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.layer.ParameterGradients;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.AdamWUpdate;

/**
 * One step of training on a segment: forward pass, loss, gradients and, with an optimiser, the
 * update of the parameters; memory moves on by the segment.
 *
 * <p>A batch of several parts goes through the model part by part within the one graph: forward and
 * backward pass of the first, then of the second, which adds its gradients to those of the first as
 * soon as it has them, and so on. The buffers of one part are used again by the next, so that the
 * activations of a single part are all that is ever kept. Losses and gradients are the means over
 * the parts: those of the whole batch, up to rounding, but for auxiliary losses that are no means
 * over tokens (as the entropy of a batch's mean selection), which each part has for itself. Dropout
 * sites are numbered on from part to part, so that no two parts have the same masks.
 *
 * <p>Before each run feed {@link MicroBatch#tokens} and {@link MicroBatch#targets} of every part,
 * {@link #dropoutKey}, {@link #memoryFilled} and the schedules of {@link #update}.
 *
 * @param graph the whole step
 * @param parts of the batch, at least one
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
    List<MicroBatch> parts,
    Value dropoutKey,
    Value memoryFilled,
    Value meanNll,
    Optional<Value> auxiliaryLoss,
    Map<Parameter, Value> gradients,
    Optional<AdamWUpdate> update) {

  /** Copies the list. */
  public TrainingGraph {
    parts = List.copyOf(parts);
  }

  /**
   * What goes through the model at once: S of the B streams of a batch.
   *
   * @param memory what is carried from segment to segment of these streams; checkpoints keep it
   * @param tokens input i32[S, T]
   * @param targets input i32[S, T], the token after each one
   */
  public record MicroBatch(Memory memory, Value tokens, Value targets) {}

  /** A step that trains a model on a batch with its own context and memory. */
  public static TrainingGraph of(LanguageModel model, Batch batch, AdamW optimiser) {
    TrainingGraph step = withoutUpdate(model, batch);
    return new TrainingGraph(
        step.graph,
        step.parts,
        step.dropoutKey,
        step.memoryFilled,
        step.meanNll,
        step.auxiliaryLoss,
        step.gradients,
        Optional.of(optimiser.append(step.gradients)));
  }

  /** A step that computes loss and gradients and leaves the parameters as they are. */
  public static TrainingGraph withoutUpdate(LanguageModel model, Batch batch) {
    Graph graph = new Graph();
    Segment first = Segment.of(graph, batch.streamsOfPart(), model.config().context());
    BuildContext context = BuildContext.training(graph);
    float share = 1f / batch.parts();
    List<MicroBatch> parts = new ArrayList<>();
    List<Value> losses = new ArrayList<>();
    List<Value> auxiliaryLosses = new ArrayList<>();
    Map<Parameter, Value> gradients = Map.of();
    for (int part = 0; part < batch.parts(); part++) {
      Segment segment = part == 0 ? first : first.another(graph);
      Memory memory =
          model.memory(MemoryKind.LAYER_INPUTS, batch.streamsOfPart(), model.config().memory());
      Value targets = graph.input("targets", segment.tokens().type());
      LanguageModel.Output out =
          model.apply(context, segment.tokens(), memory, segment.memoryFilled());
      Value loss = Mean.of(CrossEntropy.of(out.logits(), targets));
      parts.add(new MicroBatch(memory, segment.tokens(), targets));
      losses.add(loss);
      if (out.auxiliaryLoss() != null) {
        auxiliaryLosses.add(out.auxiliaryLoss());
        loss = Add.of(loss, out.auxiliaryLoss());
      }
      gradients = gradients(loss, share, gradients, model.parameters());
    }
    return new TrainingGraph(
        graph,
        parts,
        Objects.requireNonNull(context.dropoutKey()),
        first.memoryFilled(),
        graph.output(mean(losses)),
        auxiliaryLosses.isEmpty()
            ? Optional.empty()
            : Optional.of(graph.output(mean(auxiliaryLosses))),
        gradients,
        Optional.empty());
  }

  private static Value mean(List<Value> parts) {
    Value sum = parts.stream().reduce(Add::of).orElseThrow();
    return parts.size() == 1 ? sum : Scale.of(sum, 1f / parts.size());
  }

  /**
   * Adds the gradients of a part's loss to those of the parts before it.
   *
   * @param share what the loss is multiplied by
   * @param before empty for the first part
   */
  private static Map<Parameter, Value> gradients(
      Value loss, float share, Map<Parameter, Value> before, List<Parameter> parameters) {
    Graph graph = loss.graph();
    // A parameter that has a gradient to begin with gets the new one added where it is made.
    Map<Value, Value> seeds = new LinkedHashMap<>();
    seeds.put(loss, graph.constant("share", Shape.scalar(), () -> new float[] {share}));
    before.forEach((parameter, sum) -> seeds.put(graph.read(parameter.variable()), sum));
    return ParameterGradients.of(seeds, parameters);
  }
}
