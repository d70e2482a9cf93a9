package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.CublasTask;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.MatMulKernels;
import org.sigmoe.tornado.kernel.MatMulLaunch;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Tasks of {@link MatMul}: cuBLAS on CUDA, kernels of ours elsewhere. */
final class MatMulTasks {
  private MatMulTasks() {}

  static void matMul(MatMul op, Node node, Lowering to) {
    switch (to.backend()) {
      case CUDA -> byCublas(op, node, to);
      case OPENCL -> byKernels(op, node, to);
    }
  }

  /** An operand as it is stored: f32 or bf16, and the elements from one row to the next. */
  private record Operand(TornadoNativeArray array, int pitch) {

    static Operand of(Value value, Lowering to) {
      return switch (to.precision()) {
        case F32, TF32 -> new Operand(to.floats(value), value.shape().columns());
        case BF16 -> {
          RoundedCopies.Copy copy = to.rounded(value);
          yield new Operand(copy.array(), copy.pitch());
        }
      };
    }
  }

  private static void byCublas(MatMul op, Node node, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    Operand a = Operand.of(node.operand(0), to);
    Operand b = Operand.of(node.operand(1), to);
    FloatArray c = to.floats(node.result(0));
    FloatArray workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
    GemmCall call =
        GemmCall.rowMajor(
            to.precision(),
            op.transposeA(),
            op.transposeB(),
            sizes.m(),
            sizes.n(),
            sizes.k(),
            a.pitch(),
            b.pitch());
    to.library(
        "cublas",
        List.of(b.array(), a.array(), c, workspace),
        (graph, id) ->
            graph.libraryTask(
                id,
                (first, second, result, scratch) ->
                    CublasTask.gemm(call, first, second, result, scratch),
                b.array(),
                a.array(),
                c,
                workspace));
  }

  private static void byKernels(MatMul op, Node node, Lowering to) {
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
              LaunchShapes.elements(m * n),
              id ->
                  new TaskPackage(
                      id, MatMulKernels::sumParts, to.context(), result, c, m * n, tiles.parts()));
        }
      }
    }
  }
}
