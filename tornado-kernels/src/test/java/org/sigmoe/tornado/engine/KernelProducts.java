package org.sigmoe.tornado.engine;

import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.GemmBatch;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.engine.op.BatchedProducts;
import org.sigmoe.tornado.engine.op.Lowering;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * In place of cuBLAS: the same products by a kernel, so that they run on every device. Results are
 * f32: an op alone asks for no others.
 */
final class KernelProducts implements BatchedProducts {
  private final Lowering to;
  private final long scratchBytes;

  KernelProducts(Lowering to, long scratchBytes) {
    this.to = to;
    this.scratchBytes = scratchBytes;
  }

  @Override
  public long scratchBytes() {
    return scratchBytes;
  }

  @Override
  public void add(GemmBatch batch, ShortArray first, ShortArray second, TornadoNativeArray result) {
    GemmCall call = batch.product();
    boolean firstAsItLies = call.transposeFirst() == Transpose.NO;
    boolean secondAsItLies = call.transposeSecond() == Transpose.NO;
    int rowStepFirst = firstAsItLies ? 1 : call.pitchFirst();
    int innerStepFirst = firstAsItLies ? call.pitchFirst() : 1;
    int innerStepSecond = secondAsItLies ? 1 : call.pitchSecond();
    int columnStepSecond = secondAsItLies ? call.pitchSecond() : 1;
    to.task(
        "products",
        id ->
            new TaskPackage(
                id,
                KernelProducts::products,
                first,
                second,
                (FloatArray) result,
                batch.count(),
                call.rows(),
                call.columns(),
                call.inner(),
                rowStepFirst,
                innerStepFirst,
                innerStepSecond,
                columnStepSecond,
                call.pitchResult(),
                batch.first().offset(),
                batch.first().stride(),
                batch.second().offset(),
                batch.second().stride(),
                batch.result().offset(),
                batch.result().stride()));
  }

  /** Matrices by columns, as BLAS has them. */
  static void products(
      ShortArray first,
      ShortArray second,
      FloatArray result,
      int count,
      int rows,
      int columns,
      int inner,
      int rowStepFirst,
      int innerStepFirst,
      int innerStepSecond,
      int columnStepSecond,
      int pitchResult,
      int offsetFirst,
      int strideFirst,
      int offsetSecond,
      int strideSecond,
      int offsetResult,
      int strideResult) {
    for (@Parallel int index = 0; index < count * columns * rows; index++) {
      int row = index % rows;
      int column = index / rows % columns;
      int matrix = index / rows / columns;
      int atFirst = offsetFirst + matrix * strideFirst + row * rowStepFirst;
      int atSecond = offsetSecond + matrix * strideSecond + column * columnStepSecond;
      float sum = 0f;
      for (int p = 0; p < inner; p++) {
        sum +=
            decode(first.get(atFirst + p * innerStepFirst))
                * decode(second.get(atSecond + p * innerStepSecond));
      }
      result.set(offsetResult + matrix * strideResult + column * pitchResult + row, sum);
    }
  }

  /** The value of bf16 bits, infinite for a NaN. TornadoVM's own does not compile for OpenCL. */
  private static float decode(short bits) {
    int positive = bits & 0x7fff;
    float sign = bits < 0 ? -1f : 1f;
    float fraction = 1f + (positive & 0x7f) / 128f;
    float power = TornadoMath.pow(2f, (positive >> 7) - 127f);
    return positive < 0x80 ? 0f : sign * fraction * power;
  }
}
