package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.CublasTask;
import org.sigmoe.tornado.cublas.GemmBatch;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.MatMulShape;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link MatMul}: cuBLAS on CUDA, kernels of ours elsewhere. */
final class MatMulTasks {
  private MatMulTasks() {}

  static void matMul(MatMul op, Node node, Lowering to) {
    switch (to.backend()) {
      case CUDA -> byCublas(op, node, to);
      case OPENCL -> byKernels(op, node, to);
    }
  }

  private static void byCublas(MatMul op, Node node, Lowering to) {
    switch (to.precision()) {
      case F32, TF32 -> ofFloats(op, node, to);
      case BF16 -> ofRounded(op, node, to);
    }
  }

  private static void ofFloats(MatMul op, Node node, Lowering to) {
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray c = to.floats(node.result(0));
    FloatArray workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
    GemmCall call =
        call(op, node, to, node.operand(0).shape().columns(), node.operand(1).shape().columns());
    to.library(
        "cublas",
        List.of(b, a, c, workspace),
        (graph, id) ->
            graph.libraryTask(
                id,
                (first, second, result, scratch) ->
                    CublasTask.gemm(call, first, second, result, scratch),
                b,
                a,
                c,
                workspace));
  }

  private static void ofRounded(MatMul op, Node node, Lowering to) {
    Bf16Matrix a = to.rounded(node.operand(0));
    Bf16Matrix b = to.rounded(node.operand(1));
    GemmBatch batch =
        GemmBatch.rowMajor(
            call(op, node, to, a.pitch(), b.pitch()),
            1,
            new GemmBatch.Matrices(a.first(), 0),
            new GemmBatch.Matrices(b.first(), 0),
            new GemmBatch.Matrices(0, 0));
    to.batchedProducts()
        .add(batch, b.array().shorts(), a.array().shorts(), to.floats(node.result(0)));
  }

  private static GemmCall call(MatMul op, Node node, Lowering to, int pitchA, int pitchB) {
    MatMul.Sizes sizes = op.sizes(node);
    return GemmCall.rowMajor(
        to.precision(),
        op.transposeA(),
        op.transposeB(),
        sizes.m(),
        sizes.n(),
        sizes.k(),
        pitchA,
        pitchB);
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
