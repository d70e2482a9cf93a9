package org.sigmoe.tornado.engine.op;

import org.sigmoe.tornado.cublas.GemmBatch;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Computes products of many matrices of bf16 at once for one node. */
public interface BatchedProducts {

  /**
   * Adds the task of such products.
   *
   * @param first the array with the first matrices of {@code batch}, bits of bf16
   * @param second the array with the second matrices of {@code batch}
   * @param result the array for the results, f32, or bits of bf16 if {@code batch} rounds
   */
  void add(GemmBatch batch, ShortArray first, ShortArray second, TornadoNativeArray result);

  /** Bytes that matrices between one product and the next should take at a time. */
  long scratchBytes();
}
