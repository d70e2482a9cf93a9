package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.tornado.kernel.ColumnKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link org.sigmoe.nn.graph.op.GatherColumns} and {@link
 * org.sigmoe.nn.graph.op.ScatterColumns}.
 */
final class ColumnTasks {
  private ColumnTasks() {}

  static void gather(Node node, Lowering to) {
    FusedActivations.Source source = to.fusedActivations().of(node.operand(0));
    FloatArray x = to.floats(source.value());
    IntArray indices = to.ints(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int columns = node.operand(0).shape().columns();
    int k = node.result(0).shape().columns();
    int elements = Elements.of(node.result(0));
    to.task(
        "gatherColumns",
        ColumnKernels.gatherThreads(elements),
        id ->
            new TaskPackage(
                id,
                ColumnKernels::gather,
                to.context(),
                x,
                indices,
                elements,
                columns,
                k,
                ActivationTasks.number(source.activation()),
                y));
  }

  static void scatter(Node node, Lowering to) {
    SparseGradients.Chain chain = to.sparseGradients().of(node);
    if (chain != null && chain.dense() != null) {
      BalanceTasks.routerGradient(node, chain.activation(), chain.dense(), chain.sum(), to);
      return;
    }
    if (chain != null) {
      addActivationGradient(node, chain, to);
      return;
    }
    FloatArray x = to.floats(node.operand(0));
    IntArray indices = to.ints(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int columns = node.result(0).shape().columns();
    int k = node.operand(0).shape().columns();
    int elements = Elements.of(node.result(0));
    to.task(
        "scatterColumns",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id, ColumnKernels::scatter, to.context(), x, indices, elements, columns, k, y));
  }

  private static void addActivationGradient(Node node, SparseGradients.Chain chain, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    IntArray indices = to.ints(node.operand(1));
    FloatArray y = to.floats(chain.activation().operand(1));
    FloatArray sum = to.floats(chain.sum());
    int columns = node.result(0).shape().columns();
    int k = node.operand(0).shape().columns();
    int elements = Elements.of(node.operand(0));
    int activation = ActivationTasks.number(chain.activation());
    to.task(
        "addActivationGradient",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id,
                ColumnKernels::addActivationGradient,
                to.context(),
                x,
                indices,
                y,
                elements,
                columns,
                k,
                activation,
                sum));
  }
}
