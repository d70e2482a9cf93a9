package org.sigmoe.xl.model;

import java.util.List;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.Observation;

/**
 * An {@link EvaluationGraph} whose feed-forward blocks are looked into. What they offer are outputs
 * of the graph and stay in memory together, so that a graph of few rows is meant.
 *
 * <p>Before each run feed {@link #tokens}, {@link #targets} and {@link #memoryFilled}.
 *
 * @param graph the whole program
 * @param memory what is carried from segment to segment
 * @param tokens input i32[B, T]
 * @param targets input i32[B, T], the token after each one
 * @param memoryFilled input i32[1]: how many positions of memory hold something
 * @param meanNll output [1]: mean negative log-likelihood of the targets, in nats
 * @param observations outputs, in the order of the layers
 */
public record AnalysisGraph(
    Graph graph,
    Memory memory,
    Value tokens,
    Value targets,
    Value memoryFilled,
    Value meanNll,
    List<Observation> observations) {

  /** The analysis of segments of {@code context} tokens, one for each row of the memory. */
  public static AnalysisGraph of(LanguageModel model, int context, Memory memory) {
    Graph graph = new Graph();
    Segment segment = Segment.of(graph, memory.batch(), context);
    Value targets = graph.input("targets", segment.tokens().type());
    BuildContext observing = BuildContext.observing(graph);
    LanguageModel.Output out =
        model.apply(observing, segment.tokens(), memory, segment.memoryFilled());
    return new AnalysisGraph(
        graph,
        memory,
        segment.tokens(),
        targets,
        segment.memoryFilled(),
        graph.output(Mean.of(CrossEntropy.of(out.logits(), targets))),
        observing.observations());
  }
}
