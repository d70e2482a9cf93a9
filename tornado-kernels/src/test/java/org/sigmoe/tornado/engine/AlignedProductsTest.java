package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;

/**
 * Products so large that cuBLAS is asked for them as {@link
 * org.sigmoe.tornado.cublas.AlignedProduct} says, forward and backward.
 */
final class AlignedProductsTest {

  @TestFactory
  Stream<DynamicNode> columnsThatAreNoMultipleOfEight() {
    return OpTests.of(
        List.of(
            linear("in two parts, gradient for w padded", 1024, 412, 412),
            linear("odd columns, gradient for x of more terms", 160, 412, 2053),
            sumOfTwo("gradients for x added in two parts", 800, 412, 416),
            sumOfTwo("gradients for x padded and added", 324, 412, 1030)));
  }

  private static OpCase linear(String name, int rows, int inner, int columns) {
    return OpCase.named(name)
        .differentiable("x", Fill.normal(1), rows, inner)
        .differentiable("w", Fill.normal(1), columns, inner)
        .output(in -> MatMul.linear(in.get("x"), in.get("w")));
  }

  private static OpCase sumOfTwo(String name, int rows, int inner, int columns) {
    return OpCase.named(name)
        .differentiable("x", Fill.normal(1), rows, inner)
        .differentiable("w1", Fill.normal(1), columns, inner)
        .differentiable("w2", Fill.normal(1), columns, inner)
        .output(
            in ->
                Add.of(
                    MatMul.linear(in.get("x"), in.get("w1")),
                    MatMul.linear(in.get("x"), in.get("w2"))));
  }
}
