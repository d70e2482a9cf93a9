package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.ProductKeyTable;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ProductKeyTableKernels;
import org.sigmoe.tornado.kernel.ProductKeyTopKKernels;
import org.sigmoe.tornado.kernel.ProductKeyTopKShape;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link ProductKeyTopK}, {@link ProductKeyTable} and their gradients. */
final class ProductKeyPairTasks {
  private ProductKeyPairTasks() {}

  static void topK(ProductKeyTopK op, Node node, Lowering to) {
    int rows = node.operand(0).shape().rows();
    int keysA = node.operand(0).shape().columns();
    int keysB = node.operand(1).shape().columns();
    new ProductKeyTopKShape(rows, keysA, keysB, op.k())
        .addTo(
            to,
            to.floats(node.operand(0)),
            to.floats(node.operand(1)),
            to.floats(node.result(0)),
            to.ints(node.result(1)));
  }

  static void topKGradient(ProductKeyTopK.Gradient op, Node node, Lowering to) {
    FloatArray dscores = to.floats(node.operand(0));
    IntArray indices = to.ints(node.operand(1));
    FloatArray da = to.floats(node.result(0));
    FloatArray db = to.floats(node.result(1));
    int rows = node.operand(1).shape().rows();
    int k = node.operand(1).shape().columns();
    to.task(
        "productKeyTopKGradient",
        LaunchShapes.elements(rows * (op.keysA() + op.keysB())),
        id ->
            new TaskPackage(
                id,
                ProductKeyTopKKernels::gradient,
                to.context(),
                dscores,
                indices,
                rows,
                op.keysA(),
                op.keysB(),
                k,
                da,
                db));
  }

  static void table(Node node, Lowering to) {
    ProductKeyTable.Sizes sizes = ProductKeyTable.sizes(node);
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "productKeyTable",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id,
                ProductKeyTableKernels::forward,
                to.context(),
                a,
                b,
                elements,
                sizes.heads(),
                sizes.keysA(),
                sizes.keysB(),
                y));
  }

  static void tableGradient(Node node, Lowering to) {
    ProductKeyTable.Sizes sizes = ProductKeyTable.gradientSizes(node);
    FloatArray dy = to.floats(node.operand(0));
    FloatArray da = to.floats(node.result(0));
    FloatArray db = to.floats(node.result(1));
    to.task(
        "productKeyTableGradientA",
        LaunchShapes.rows(sizes.rows() * sizes.keysA(), sizes.keysB()),
        id ->
            new TaskPackage(
                id,
                ProductKeyTableKernels::gradientA,
                to.context(),
                dy,
                sizes.rows(),
                sizes.heads(),
                sizes.keysA(),
                sizes.keysB(),
                da));
    to.task(
        "productKeyTableGradientB",
        LaunchShapes.elements(sizes.rows() * sizes.keysB()),
        id ->
            new TaskPackage(
                id,
                ProductKeyTableKernels::gradientB,
                to.context(),
                dy,
                sizes.rows(),
                sizes.heads(),
                sizes.keysA(),
                sizes.keysB(),
                db));
  }
}
