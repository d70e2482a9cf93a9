package org.sigmoe.xl.model;

import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;

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
 */
public record EvaluationGraph(
    Graph graph,
    Memory memory,
    Value tokens,
    Value targets,
    Value memoryFilled,
    Value meanNll,
    Value nll) {

  /**
   * The evaluation of segments of {@code context} tokens, one for each row of the memory. Context
   * and memory may be longer or shorter than those the model was trained with.
   */
  public static EvaluationGraph of(LanguageModel model, int context, Memory memory) {
    Graph graph = new Graph();
    Segment segment = Segment.of(graph, memory.batch(), context);
    Value targets = graph.input("targets", segment.tokens().type());
    LanguageModel.Output out =
        model.apply(
            BuildContext.evaluation(graph), segment.tokens(), memory, segment.memoryFilled());
    Value nll = CrossEntropy.of(out.logits(), targets);
    return new EvaluationGraph(
        graph,
        memory,
        segment.tokens(),
        targets,
        segment.memoryFilled(),
        graph.output(Mean.of(nll)),
        graph.output(nll));
  }
}
