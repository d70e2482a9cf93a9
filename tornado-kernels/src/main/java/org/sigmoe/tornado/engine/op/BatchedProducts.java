package org.sigmoe.tornado.engine.op;

import org.sigmoe.tornado.cublas.GemmBatch;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Computes products of many matrices at once for one node, of bf16 with results in f32. */
public interface BatchedProducts {

  /**
   * Adds the task of such products.
   *
   * @param first the array with the first matrices of {@code batch}, bits of bf16
   * @param second the array with the second matrices of {@code batch}
   * @param result the array for the results
   */
  void add(GemmBatch batch, ShortArray first, ShortArray second, FloatArray result);

  /** Bytes that matrices between one product and the next should take at a time. */
  long scratchBytes();
}
