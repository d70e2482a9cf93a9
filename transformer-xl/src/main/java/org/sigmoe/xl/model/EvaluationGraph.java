package org.sigmoe.xl.model;

import java.util.List;
import java.util.Set;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.nn.layer.Observed;

/**
 * The likelihood of a segment, without dropout and with the parameters left alone; memory moves on
 * by the segment.
 *
 * <p>Before each run feed {@link #tokens}, {@link #targets} and {@link #memoryFilled}.
 *
 * @param graph the whole program
 * @param memory what is carried from segment to segment
 * @param tokens input i32[B, T]
 * @param targets input i32[B, T], the token after each one
 * @param memoryFilled input i32[1]: how many positions of memory hold something
 * @param meanNll output [1]: mean negative log-likelihood of the targets, in nats
 * @param nll output [B, T]: the negative log-likelihood of each target
 * @param observations outputs that the feed-forward blocks offer, in the order of the layers; they
 *     stay in memory together
 */
public record EvaluationGraph(
    Graph graph,
    Memory memory,
    Value tokens,
    Value targets,
    Value memoryFilled,
    Value meanNll,
    Value nll,
    List<Observation> observations) {

  /** Copies the observations. */
  public EvaluationGraph {
    observations = List.copyOf(observations);
  }

  /**
   * The evaluation of segments of {@code context} tokens, one for each row of the memory. Context
   * and memory may be longer or shorter than those the model was trained with.
   */
  public static EvaluationGraph of(LanguageModel model, int context, Memory memory) {
    return of(model, context, memory, Set.of());
  }

  /**
   * An evaluation in which the feed-forward blocks are looked into.
   *
   * @param observed what of that which they offer is wanted
   */
  public static EvaluationGraph of(
      LanguageModel model, int context, Memory memory, Set<Observed> observed) {
    Graph graph = new Graph();
    BuildContext building = BuildContext.observing(graph, observed);
    Segment segment = Segment.of(graph, memory.batch(), context);
    Value targets = graph.input("targets", segment.tokens().type());
    LanguageModel.Output out =
        model.apply(building, segment.tokens(), memory, segment.memoryFilled());
    Value nll = CrossEntropy.of(out.logits(), targets);
    return new EvaluationGraph(
        graph,
        memory,
        segment.tokens(),
        targets,
        segment.memoryFilled(),
        graph.output(Mean.of(nll)),
        graph.output(nll),
        building.observations());
  }
}
