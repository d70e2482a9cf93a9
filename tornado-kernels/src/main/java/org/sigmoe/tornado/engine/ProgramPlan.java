package org.sigmoe.tornado.engine;

import java.util.List;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Schedule;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.engine.op.FusedActivations;
import org.sigmoe.tornado.engine.op.FusedAdditions;
import org.sigmoe.tornado.engine.op.FusedBiases;
import org.sigmoe.tornado.engine.op.RoundedUses;
import org.sigmoe.tornado.engine.op.SparseGradients;

/**
 * What is decided about a graph before its nodes are lowered: where values lie, and which nodes the
 * tasks of others compute.
 *
 * @param buffers where results lie, and the order of the nodes
 * @param roundedUses what is read rounded, and written so
 * @param sparseGradients gradients that are added where they are chosen alone
 * @param activations that readers of their results apply
 * @param additions that tasks of products compute
 * @param biases that readers of logits add
 */
record ProgramPlan(
    BufferPlan buffers,
    RoundedUses roundedUses,
    SparseGradients sparseGradients,
    FusedActivations activations,
    FusedAdditions additions,
    FusedBiases biases) {

  static ProgramPlan of(Graph graph, Backend backend, Precision precision) {
    List<Node> schedule = Schedule.of(graph);
    List<Value> outputs = graph.outputs();
    boolean rounds = backend == Backend.CUDA && precision == Precision.BF16;
    RoundedUses none = RoundedUses.none();
    RoundedUses ofProducts = rounds ? RoundedUses.of(schedule, outputs) : none;
    BufferPlan first = BufferPlan.of(graph, ofProducts);
    SparseGradients sparse = SparseGradients.of(first, outputs);
    FusedActivations activations = FusedActivations.of(first, outputs, sparse);
    // That sums are written rounded, and activations not at all, frees buffers earlier, and leaves
    // everything that is computed in the place of an operand there: what was found in the first
    // plan holds.
    RoundedUses rounded = rounds ? RoundedUses.of(schedule, outputs, sparse) : none;
    BufferPlan buffers =
        BufferPlan.of(
            graph,
            (node, operand) -> rounded.reads(node, operand) && activations.reads(node, operand));
    return new ProgramPlan(
        buffers,
        rounded,
        sparse,
        activations,
        FusedAdditions.of(buffers, outputs, backend, precision),
        FusedBiases.of(buffers, outputs));
  }
}
