package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.kernel.BalanceKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundingKernels;
import org.sigmoe.tornado.kernel.RouterGradientKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link org.sigmoe.nn.graph.op.LogMeanSoftmax}, {@link
 * org.sigmoe.nn.graph.op.NegativeEntropy} and their gradients.
 */
final class BalanceTasks {
  private BalanceTasks() {}

  static void logMeanSoftmax(Node node, Lowering to) {
    FloatArray logits = to.floats(node.operand(0));
    FloatArray logp = to.floats(node.result(0));
    FloatArray lse = to.floats(node.result(1));
    int rows = node.operand(0).shape().rows();
    int columns = node.operand(0).shape().columns();
    SoftmaxTasks.logSumExp(logits, rows, columns, lse, to);
    float base = (float) -Math.log(rows);
    ColumnLogSumExpTasks mean = new ColumnLogSumExpTasks(1, rows, columns, -1f, base, 1f);
    mean.add(logits, lse, mean.scratch(to), logp, to);
  }

  static void logMeanSoftmaxGradient(Node node, Lowering to) {
    FloatArray dlogp = to.floats(node.operand(0));
    FloatArray logits = to.floats(node.operand(1));
    FloatArray lse = to.floats(node.operand(2));
    FloatArray logp = to.floats(node.operand(3));
    FloatArray dlogits = to.floats(node.result(0));
    int rows = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    to.task(
        "logMeanSoftmaxGradient",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                BalanceKernels::logMeanSoftmaxGradient,
                to.context(),
                dlogp,
                logits,
                logp,
                lse,
                rows,
                columns,
                Math.ceilDiv(columns, LaunchShapes.lanes(columns)),
                dlogits));
  }

  /**
   * {@link #logMeanSoftmaxGradient} and what {@link SparseGradients} adds to it, in one pass.
   *
   * @param scatter of the gradients of chosen columns
   * @param activation the gradient of what was applied to the logits
   * @param dense the gradient of the logarithm of the logits' mean softmax
   * @param sum of both, in the place of the logits
   */
  static void routerGradient(Node scatter, Node activation, Node dense, Value sum, Lowering to) {
    FloatArray dlogp = to.floats(dense.operand(0));
    FloatArray logits = to.floats(dense.operand(1));
    FloatArray lse = to.floats(dense.operand(2));
    FloatArray logp = to.floats(dense.operand(3));
    FloatArray dchosen = to.floats(scatter.operand(0));
    IntArray indices = to.ints(scatter.operand(1));
    int rows = sum.shape().rows();
    int columns = sum.shape().columns();
    boolean onlyRounded = to.roundedUses().onlyRounded(sum);
    boolean byWarps = to.backend() == Backend.CUDA && LaunchShapes.isOfWarps(columns);
    IntArray rounded = onlyRounded ? to.producedRounded(sum).array().pairs() : to.intScratch(1);
    to.task(
        onlyRounded ? "routerGradientRounded" : "routerGradient",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                RouterGradientKernels::gradient,
                to.context(),
                dlogp,
                logits,
                logp,
                lse,
                dchosen,
                indices,
                rows,
                columns,
                scatter.operand(0).shape().columns(),
                RouterGradientKernels.pairsOfLane(columns),
                ActivationTasks.number(activation),
                onlyRounded ? 1 : 0,
                RoundingKernels.pitch(columns),
                byWarps ? 1 : 0,
                rounded));
  }

  static void negativeEntropy(Node node, Lowering to) {
    FloatArray logp = to.floats(node.operand(0));
    FloatArray result = to.floats(node.result(0));
    int elements = Elements.of(node.operand(0));
    to.task(
        "negativeEntropy",
        LaunchShapes.groups(1),
        id ->
            new TaskPackage(
                id, BalanceKernels::negativeEntropy, to.context(), logp, elements, result));
  }

  static void negativeEntropyGradient(Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray logp = to.floats(node.operand(1));
    FloatArray dlogp = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "negativeEntropyGradient",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id,
                BalanceKernels::negativeEntropyGradient,
                to.context(),
                dy,
                logp,
                elements,
                dlogp));
  }
}
