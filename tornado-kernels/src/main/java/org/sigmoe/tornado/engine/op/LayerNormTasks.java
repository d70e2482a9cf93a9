package org.sigmoe.tornado.engine.op;

import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.LayerNormKernels;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link LayerNorm} and its gradient. */
final class LayerNormTasks {
  private LayerNormTasks() {}

  static void layerNorm(LayerNorm op, Node node, Lowering to) {
    if (to.roundedUses().onlyRounded(node.result(0))) {
      rounded(op, node, to);
      return;
    }
    Shape shape = node.operand(0).shape();
    FloatArray x = to.floats(node.operand(0));
    FloatArray gain = to.floats(node.operand(1));
    FloatArray bias = to.floats(node.operand(2));
    FloatArray y = to.floats(node.result(0));
    FloatArray mean = to.floats(node.result(1));
    FloatArray rstd = to.floats(node.result(2));
    to.task(
        "layerNorm",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::forward,
                to.context(),
                x,
                gain,
                bias,
                shape.rows(),
                shape.columns(),
                op.epsilon(),
                y,
                mean,
                rstd));
  }

  /** To the copy for products, and to where the rows belong in what they are joined to. */
  private static void rounded(LayerNorm op, Node node, Lowering to) {
    Value y = node.result(0);
    int rows = y.shape().rows();
    int columns = y.shape().columns();
    int pitch = RoundingKernels.pitch(columns);
    RoundedUses uses = to.roundedUses();
    boolean copied = uses.isCopied(y);
    RoundedUses.@Nullable Part part = uses.part(y);
    IntArray copy = pairs(copied ? y : null, to);
    IntArray whole = pairs(part == null ? null : part.whole(), to);
    FloatArray x = to.floats(node.operand(0));
    FloatArray gain = to.floats(node.operand(1));
    FloatArray bias = to.floats(node.operand(2));
    FloatArray mean = to.floats(node.result(1));
    FloatArray rstd = to.floats(node.result(2));
    to.task(
        "layerNormRounded",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::forwardRounded,
                to.context(),
                x,
                gain,
                bias,
                rows,
                columns,
                op.epsilon(),
                pitch,
                LayerNormKernels.pairsOfLane(columns),
                copied ? 1 : 0,
                copy,
                part == null ? 1 : y.shape().size(1),
                part == null ? 0 : part.whole().shape().size(1),
                part == null ? 0 : part.firstRow(),
                whole,
                mean,
                rstd));
  }

  private static IntArray pairs(@Nullable Value written, Lowering to) {
    return (written == null ? to.bf16Scratch(2) : to.producedRounded(written).array()).pairs();
  }

  static void gradient(Node node, Lowering to) {
    Shape shape = node.operand(1).shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int rowsOfChunk = LayerNormKernels.rowsOfChunk(rows, columns);
    int chunks = Math.ceilDiv(rows, rowsOfChunk);
    FloatArray dy = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray gain = to.floats(node.operand(2));
    FloatArray mean = to.floats(node.operand(3));
    FloatArray rstd = to.floats(node.operand(4));
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofSummand(node);
    FloatArray dx = to.floats(addition == null ? node.result(0) : addition.sum());
    // An array of its own if it is not read: no task may name what it writes twice.
    FloatArray other = addition == null ? dx : to.floats(addition.addend());
    FloatArray addend = other == dx ? to.scratch(1) : other;
    FloatArray dgains = to.scratch(chunks, columns);
    FloatArray dbiases = to.scratch(chunks, columns);
    RowPlaces.Rows rowsOfDy = to.rowPlaces().rows(node.operand(0));
    int wanted = wanted(node.result(0), addition != null, other != dx, to);
    to.task(
        "layerNormGradient",
        LaunchShapes.groups(chunks),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::gradient,
                to.context(),
                dy,
                x,
                gain,
                mean,
                rstd,
                rows,
                columns,
                rowsOfChunk,
                LayerNormKernels.columnsOfLane(columns),
                rowsOfDy.pitch(),
                rowsOfDy.time(),
                rowsOfDy.wholeTime(),
                rowsOfDy.firstRow(),
                wanted,
                addend,
                dx,
                dgains,
                dbiases));
    FloatArray dgain = to.floats(node.result(1));
    FloatArray dbias = to.floats(node.result(2));
    ReductionTasks.sumsOfChunks(dgains, dbiases, chunks, columns, dgain, dbias, to);
  }

  private static int wanted(Value dx, boolean added, boolean apart, Lowering to) {
    if (!to.isRead(dx)) {
      return LayerNormKernels.NOTHING;
    }
    if (!added) {
      return LayerNormKernels.GRADIENT;
    }
    return apart ? LayerNormKernels.SUM : LayerNormKernels.SUM_IN_PLACE;
  }
}
