package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.LayerNormKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link LayerNorm} and its gradient. */
final class LayerNormTasks {
  private LayerNormTasks() {}

  static void layerNorm(LayerNorm op, Node node, Lowering to) {
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
    FloatArray dx = to.floats(node.result(0));
    FloatArray dgains = to.scratch(chunks, columns);
    FloatArray dbiases = to.scratch(chunks, columns);
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
                dx,
                dgains,
                dbiases));
    ReductionTasks.sumOfChunks(dgains, chunks, columns, to.floats(node.result(1)), to);
    ReductionTasks.sumOfChunks(dbiases, chunks, columns, to.floats(node.result(2)), to);
  }
}
