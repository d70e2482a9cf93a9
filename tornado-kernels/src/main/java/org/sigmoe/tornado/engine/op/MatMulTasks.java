package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.AlignedProduct;
import org.sigmoe.tornado.cublas.CublasTask;
import org.sigmoe.tornado.cublas.GemmBatch;
import org.sigmoe.tornado.cublas.GemmBatch.Matrices;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.MatMulShape;
import org.sigmoe.tornado.kernel.MmaShape;
import org.sigmoe.tornado.kernel.PaddedResultKernels;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
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

  private static void byCublas(MatMul op, Node node, Lowering to) {
    FusedAdditions.@Nullable Addition addition = to.fusedAdditions().ofSummand(node);
    Value c = addition == null ? node.result(0) : addition.sum();
    @Nullable Node scatter = to.fusedAdditions().lateScatter(node);
    if (scatter != null) {
      addedToScatter(op, node, scatter, c, to);
    } else if (to.precision() == Precision.BF16) {
      roundedByCublas(op, node, c, addition != null, to);
    } else {
      exactByCublas(op, node, to.floats(c), addition != null, to);
    }
  }

  private static void exactByCublas(MatMul op, Node node, FloatArray c, boolean add, Lowering to) {
    MatMul.Sizes sizes = op.sizes(node);
    GemmCall product =
        GemmCall.rowMajor(
            to.precision(),
            op.transposeA(),
            op.transposeB(),
            sizes.m(),
            sizes.n(),
            sizes.k(),
            node.operand(0).shape().columns(),
            node.operand(1).shape().columns());
    FloatArray a = to.floats(node.operand(0));
    FloatArray b = to.floats(node.operand(1));
    FloatArray workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
    gemm(add ? product.adding() : product, a, b, c, workspace, to);
  }

  /** Rounded, where what experts give back is, to be summed up with that. */
  private static void addedToScatter(
      MatMul op, Node node, Node scatter, Value result, Lowering to) {
    AlignedProduct product = AlignedProduct.of(op, op.sizes(node)).withRoom();
    int pitch = RoundingKernels.pitch(product.n());
    Bf16Matrix rows = new Bf16Matrix(to.bf16Scratch(Math.multiplyExact(product.m(), pitch)), pitch);
    toRounded(product, to.rounded(node.operand(0)), second(op, node, product, to), rows, to);
    GroupedMmaTasks.scatterLate(scatter, rows, result, to);
  }

  /** The second operand, as a product reads it. */
  private static Bf16Matrix second(MatMul op, Node node, AlignedProduct product, Lowering to) {
    return product.transposeB() == op.transposeB()
        ? to.rounded(node.operand(1))
        : to.roundedTransposed(node.operand(1), 1);
  }

  private static void roundedByCublas(
      MatMul op, Node node, Value result, boolean add, Lowering to) {
    AlignedProduct product = AlignedProduct.of(op, op.sizes(node));
    Bf16Matrix a = to.rounded(node.operand(0));
    Bf16Matrix b = second(op, node, product, to);
    if (to.roundedUses().onlyRounded(result)) {
      toRounded(product.withRoom(), a, b, to.producedRounded(result), to);
    } else if (to.rowPlaces().isPlaced(result)) {
      toRowsOfWhole(product.withRoom(), a, b, result, add, to);
    } else {
      toResult(product, op.sizes(node), a, b, to.floats(result), add, to);
    }
  }

  /** To a copy of the result, in bf16, without its f32. */
  private static void toRounded(
      AlignedProduct product, Bf16Matrix a, Bf16Matrix b, Bf16Matrix c, Lowering to) {
    GemmCall call = product.calls(a.pitch(), b.pitch()).getFirst().withResultPitch(c.pitch());
    Matrices one = new Matrices(0, 0);
    to.batchedProducts()
        .add(
            GemmBatch.rowMajor(call, 1, one, one, one).rounding(),
            b.array().shorts(),
            a.array().shorts(),
            c.array().shorts());
  }

  /** All batch rows at once where they follow each other, or each by a product of its own. */
  private static void toRowsOfWhole(
      AlignedProduct product, Bf16Matrix a, Bf16Matrix b, Value result, boolean add, Lowering to) {
    RowPlaces.Rows rows = to.rowPlaces().rows(result);
    int batch = rows.time() == rows.wholeTime() ? 1 : result.shape().size(0);
    int rowsOfOne = product.m() / batch;
    GemmCall call =
        product
            .ofRows(rowsOfOne)
            .calls(a.pitch(), b.pitch())
            .getFirst()
            .withResultPitch(rows.pitch());
    to.batchedProducts()
        .add(
            GemmBatch.rowMajor(
                add ? call.adding() : call,
                batch,
                new Matrices(0, rowsOfOne * a.pitch()),
                new Matrices(0, 0),
                new Matrices(rows.firstRow() * rows.pitch(), rows.wholeTime() * rows.pitch())),
            b.array().shorts(),
            a.array().shorts(),
            to.floats(result));
  }

  private static void toResult(
      AlignedProduct product,
      MatMul.Sizes sizes,
      Bf16Matrix a,
      Bf16Matrix b,
      FloatArray c,
      boolean add,
      Lowering to) {
    boolean padded = product.result() == AlignedProduct.Result.PADDED;
    FloatArray result = padded ? to.scratch(product.m(), product.n()) : c;
    FloatArray workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
    for (GemmCall call : product.calls(a.pitch(), b.pitch())) {
      GemmCall one = add && !padded ? call.adding() : call;
      gemm(one, a.array().shorts(), b.array().shorts(), result, workspace, to);
    }
    if (padded) {
      int elements = Math.multiplyExact(sizes.m(), sizes.n());
      to.task(
          "paddedResult",
          LaunchShapes.elements(elements),
          id ->
              new TaskPackage(
                  id,
                  add ? PaddedResultKernels::add : PaddedResultKernels::copy,
                  to.context(),
                  result,
                  product.n(),
                  sizes.n(),
                  elements,
                  c));
    }
  }

  private static void gemm(
      GemmCall call,
      TornadoNativeArray a,
      TornadoNativeArray b,
      FloatArray c,
      FloatArray workspace,
      Lowering to) {
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
