package org.sigmoe.tornado.cublas;

import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Library tasks for products, for {@code TaskGraph.libraryTask}. The task's arguments are its
 * arrays; its sizes go along as the task's tuning, because task graphs count scalars as nodes.
 */
public final class CublasTask {
  static final String LIBRARY = "sigmoe/cublas";
  static final String GEMM = "gemm";
  static final String GEMM_BATCH = "gemmBatch";

  /** Scratch memory that NVIDIA recommends for its GPUs since Hopper, 32 MiB. */
  static final int WORKSPACE_BYTES = 32 << 20;

  /** cuBLAS wants its scratch memory to begin at a multiple of so many bytes. */
  static final int WORKSPACE_ALIGNMENT = 256;

  /** Elements of an array that serves as scratch memory: aligned within. */
  public static final int WORKSPACE_ELEMENTS =
      (WORKSPACE_BYTES + WORKSPACE_ALIGNMENT) / Float.BYTES;

  /** Numbers of the arrays among the task's arguments. */
  static final int FIRST = 0;

  static final int SECOND = 1;
  static final int RESULT = 2;
  static final int WORKSPACE = 3;

  private CublasTask() {}

  /**
   * The task of a product.
   *
   * @param first the first matrix of {@code call}, 32- or 16-bit elements as its precision says
   * @param second the second matrix of {@code call}
   * @param result f32
   * @param workspace at least {@link #WORKSPACE_ELEMENTS}; tasks that run one after the other share
   *     it
   */
  public static LibraryTaskDescriptor gemm(
      GemmCall call,
      TornadoNativeArray first,
      TornadoNativeArray second,
      FloatArray result,
      FloatArray workspace) {
    return task(GEMM, call, call.added(), first, second, result, workspace);
  }

  /**
   * The task of products of many matrices.
   *
   * @param first the array with the first matrices of {@code batch}
   * @param second the array with the second matrices of {@code batch}
   * @param result f32, or bf16 if {@code batch} rounds
   * @param workspace as for {@link #gemm}
   */
  public static LibraryTaskDescriptor gemmBatch(
      GemmBatch batch,
      TornadoNativeArray first,
      TornadoNativeArray second,
      TornadoNativeArray result,
      FloatArray workspace) {
    return task(GEMM_BATCH, batch, batch.product().added(), first, second, result, workspace);
  }

  private static LibraryTaskDescriptor task(
      String function,
      Record call,
      boolean added,
      TornadoNativeArray first,
      TornadoNativeArray second,
      TornadoNativeArray result,
      FloatArray workspace) {
    return new LibraryTaskDescriptor()
        .withLibrary(LIBRARY)
        .withFunction(function)
        .withParameters(new Object[] {first, second, result, workspace})
        .withAccess(
            new Access[] {
              Access.READ_ONLY,
              Access.READ_ONLY,
              added ? Access.READ_WRITE : Access.WRITE_ONLY,
              Access.READ_WRITE
            })
        .withTuning(call);
  }
}
