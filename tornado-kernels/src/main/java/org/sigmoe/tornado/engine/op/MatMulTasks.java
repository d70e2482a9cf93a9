package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.kernel.MatMulKernels;
import org.sigmoe.tornado.kernel.MatMulLaunch;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Matrix products by our own kernels. */
public final class MatMulTasks {

  private MatMulTasks() {}

  /** Adds the tasks of {@code node}, an application of {@code op}. */
  public static void matMul(MatMul op, Node node, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    int m = sizes.m();
    int n = sizes.n();
    int k = sizes.k();
    int rowA = op.transposeA() == Transpose.NO ? k : 1;
    int innerA = op.transposeA() == Transpose.NO ? 1 : m;
    int innerB = op.transposeB() == Transpose.NO ? n : 1;
    int columnB = op.transposeB() == Transpose.NO ? 1 : k;
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray c = to.floats(node.result(0));
    switch (MatMulLaunch.of(m, n, k, innerB)) {
      case MatMulLaunch.Rows rows ->
          to.task(
              "matMulByRows",
              rows.threads(),
              id ->
                  new TaskPackage(
                      id,
                      MatMulKernels::byRows,
                      to.context(),
                      a,
                      b,
                      c,
                      m,
                      n,
                      k,
                      rowA,
                      innerA,
                      innerB,
                      columnB,
                      rows.lanes()));
      case MatMulLaunch.Tiles tiles -> {
        FloatArray result = tiles.parts() == 1 ? c : to.scratch(tiles.parts() * m * n);
        to.task(
            "matMulByTiles",
            tiles.threads(),
            id ->
                new TaskPackage(
                    id,
                    MatMulKernels::byTiles,
                    to.context(),
                    a,
                    b,
                    result,
                    m,
                    n,
                    k,
                    rowA,
                    innerA,
                    innerB,
                    columnB,
                    tiles.values(),
                    tiles.chunk()));
        if (tiles.parts() > 1) {
          to.task(
              "sumParts",
              id -> new TaskPackage(id, MatMulKernels::sumParts, result, c, m * n, tiles.parts()));
        }
      }
    }
  }
}
