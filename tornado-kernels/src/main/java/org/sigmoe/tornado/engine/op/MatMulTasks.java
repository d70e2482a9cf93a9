package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.CublasTask;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.MatMulShape;
import org.sigmoe.tornado.kernel.MmaShape;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Tasks of {@link MatMul}: cuBLAS on CUDA unless {@link MatMulChoice} says otherwise, kernels of
 * ours elsewhere.
 */
final class MatMulTasks {
  private MatMulTasks() {}

  static void matMul(MatMul op, Node node, Lowering to) {
    switch (to.backend()) {
      case CUDA -> {
        if (to.precision() == Precision.BF16 && MatMulChoice.chosen() == MatMulChoice.JAVA) {
          byMma(op, node, to);
        } else {
          byCublas(op, node, to);
        }
      }
      case OPENCL -> byKernels(op, node, to);
    }
  }

  /** An operand as it is stored: f32 or bf16, and the elements from one row to the next. */
  private record Operand(TornadoNativeArray array, int pitch) {

    static Operand of(Value value, Lowering to) {
      return switch (to.precision()) {
        case F32, TF32 -> new Operand(to.floats(value), value.shape().columns());
        case BF16 -> {
          Bf16Matrix copy = to.rounded(value);
          yield new Operand(copy.array().shorts(), copy.pitch());
        }
      };
    }
  }

  private static void byCublas(MatMul op, Node node, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    Operand a = Operand.of(node.operand(0), to);
    Operand b = Operand.of(node.operand(1), to);
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofProduct(node);
    FloatArray c = to.floats(addition == null ? node.result(0) : addition.sum());
    FloatArray workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
    GemmCall product =
        GemmCall.rowMajor(
            to.precision(),
            op.transposeA(),
            op.transposeB(),
            sizes.m(),
            sizes.n(),
            sizes.k(),
            a.pitch(),
            b.pitch());
    GemmCall call = addition == null ? product : product.adding();
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

  private static void byMma(MatMul op, Node node, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    Bf16Matrix a = direct(node.operand(0), op.transposeA(), to);
    Bf16Matrix b = direct(node.operand(1), op.transposeB(), to);
    new MmaShape(sizes.m(), sizes.n(), sizes.k()).addTo(to, a, b, to.floats(node.result(0)));
  }

  private static Bf16Matrix direct(Value value, Transpose transpose, Lowering to) {
    return switch (transpose) {
      case NO -> to.rounded(value);
      case YES -> to.roundedTransposed(value, 1);
    };
  }

  private static void byKernels(MatMul op, Node node, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    MatMulShape shape = MatMulShape.of(sizes.m(), sizes.n(), sizes.k());
    if (op.transposeA() == Transpose.YES) {
      shape = shape.withTransposedA();
    }
    if (op.transposeB() == Transpose.YES) {
      shape = shape.withTransposedB();
    }
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    shape.addTo(to, a, b, to.floats(node.result(0)));
  }
}
