package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.LayerNormKernels;
import org.sigmoe.tornado.kernel.ReductionKernels;
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

  /** dx comes last: it may take the place of dy. */
  static void gradient(Node node, Lowering to) {
    parameterGradients(node, to);
    Shape shape = node.operand(1).shape();
    FloatArray dy = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray gain = to.floats(node.operand(2));
    FloatArray mean = to.floats(node.operand(3));
    FloatArray rstd = to.floats(node.operand(4));
    FloatArray dx = to.floats(node.result(0));
    to.task(
        "layerNormInputGradient",
        LaunchShapes.rows(shape.rows(), shape.columns()),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::inputGradient,
                to.context(),
                dy,
                x,
                gain,
                mean,
                rstd,
                shape.rows(),
                shape.columns(),
                dx));
  }

  private static void parameterGradients(Node node, Lowering to) {
    Shape shape = node.operand(1).shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int rowsPerChunk = ReductionKernels.rowsPerChunk(rows);
    int chunks = Math.ceilDiv(rows, rowsPerChunk);
    FloatArray dgain = to.floats(node.result(1));
    FloatArray dbias = to.floats(node.result(2));
    FloatArray dgains = chunks == 1 ? dgain : to.scratch(chunks, columns);
    FloatArray dbiases = chunks == 1 ? dbias : to.scratch(chunks, columns);
    FloatArray dy = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    FloatArray mean = to.floats(node.operand(3));
    FloatArray rstd = to.floats(node.operand(4));
    to.task(
        "layerNormParameterGradients",
        LaunchShapes.columns(columns, chunks),
        id ->
            new TaskPackage(
                id,
                LayerNormKernels::parameterGradients,
                to.context(),
                dy,
                x,
                mean,
                rstd,
                rows,
                columns,
                rowsPerChunk,
                dgains,
                dbiases));
    if (chunks > 1) {
      ReductionTasks.sumOfChunks(dgains, chunks, columns, dgain, to);
      ReductionTasks.sumOfChunks(dbiases, chunks, columns, dbias, to);
    }
  }
}
