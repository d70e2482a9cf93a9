package org.sigmoe.tornado.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import org.sigmoe.tornado.engine.op.RowPlaces;
import org.sigmoe.tornado.engine.op.SparseGradients;
import org.sigmoe.tornado.engine.op.SquaredNorms;
import org.sigmoe.tornado.engine.op.WeightedRows;

/**
 * What is decided about a graph before its nodes are lowered: where values lie, and which nodes the
 * tasks of others compute.
 *
 * @param buffers where results lie, and the order of the nodes
 * @param read what nodes or the host read
 * @param roundedUses what is read rounded, and written so
 * @param rowPlaces where the rows of products lie
 * @param sparseGradients gradients that are added where they are chosen alone
 * @param activations that readers of their results apply
 * @param additions that tasks of a summand compute
 * @param biases that readers of logits add
 * @param squaredNorms that are computed together
 * @param weightedRows what gradients of slots' weights keep for products
 */
record ProgramPlan(
    BufferPlan buffers,
    Set<Value> read,
    RoundedUses roundedUses,
    RowPlaces rowPlaces,
    SparseGradients sparseGradients,
    FusedActivations activations,
    FusedAdditions additions,
    FusedBiases biases,
    SquaredNorms squaredNorms,
    WeightedRows weightedRows) {

  static ProgramPlan of(Graph graph, Backend backend, Precision precision) {
    List<Node> schedule = Schedule.of(graph);
    List<Value> outputs = graph.outputs();
    boolean rounds = backend == Backend.CUDA && precision == Precision.BF16;
    RoundedUses none = RoundedUses.none();
    RoundedUses ofProducts = rounds ? RoundedUses.of(schedule, outputs) : none;
    RowPlaces places = rounds ? RowPlaces.of(schedule, outputs, ofProducts) : RowPlaces.none();
    BufferPlan first = BufferPlan.of(graph, ofProducts, places);
    SparseGradients sparse = SparseGradients.of(first, outputs);
    FusedActivations activations = FusedActivations.of(first, outputs, sparse);
    // That sums are written rounded, and activations not at all, frees buffers earlier, and leaves
    // everything that is computed in the place of an operand there: what was found in the first
    // plan holds in the next.
    RoundedUses rounded = rounds ? RoundedUses.of(schedule, outputs, sparse) : none;
    BufferPlan buffers =
        BufferPlan.of(
            graph,
            (node, operand) -> rounded.reads(node, operand) && activations.reads(node, operand),
            places);
    if (!sparse.sameAs(SparseGradients.of(buffers, outputs))) {
      throw new IllegalStateException(
          "Gradients of chosen columns do not lie where they did in the first plan of buffers: this"
              + " is an error of Sigmoe's, please report it with the graph");
    }
    Set<Value> read = new HashSet<>(outputs);
    schedule.forEach(node -> read.addAll(node.operands()));
    return new ProgramPlan(
        buffers,
        read,
        rounded,
        places,
        sparse,
        activations,
        FusedAdditions.of(buffers, outputs, backend, precision),
        FusedBiases.of(buffers, outputs),
        SquaredNorms.of(buffers, outputs),
        WeightedRows.of(buffers.order(), rounded));
  }

  /** Bytes of buffers, and of results that have places of their own. */
  long bytes() {
    return buffers.bytes()
        + sparseGradients.readLater().stream().mapToLong(value -> value.type().bytes()).sum();
  }
}
