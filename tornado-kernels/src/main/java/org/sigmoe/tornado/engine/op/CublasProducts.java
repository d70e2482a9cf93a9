package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.sigmoe.tornado.cublas.CublasTask;
import org.sigmoe.tornado.cublas.GemmBatch;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Batched products by cuBLAS, on the CUDA backend. */
public final class CublasProducts implements BatchedProducts {
  /** Enough for products that fill a GPU many times over. */
  private static final long SCRATCH_BYTES = 512L << 20;

  private final Lowering to;
  private final FloatArray workspace;

  /** Of the current node. */
  public CublasProducts(Lowering to) {
    this.to = to;
    this.workspace = to.scratch(CublasTask.WORKSPACE_ELEMENTS);
  }

  @Override
  public void add(GemmBatch batch, ShortArray first, ShortArray second, TornadoNativeArray result) {
    to.library(
        "cublasBatch",
        List.of(first, second, result, workspace),
        (graph, id) ->
            graph.libraryTask(
                id,
                (a, b, c, scratch) -> CublasTask.gemmBatch(batch, a, b, c, scratch),
                first,
                second,
                result,
                workspace));
  }

  @Override
  public long scratchBytes() {
    return SCRATCH_BYTES;
  }
}
