package org.sigmoe.tornado.cublas;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryContext;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryInvocation;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * Runs the tasks of {@link CublasTask}; TornadoVM finds it by {@code ServiceLoader}. It asks for a
 * context, which loads cuBLAS and creates a handle, before it records a CUDA graph: while recording
 * nothing is allocated.
 */
public final class CublasProvider implements TornadoLibraryProvider {
  /** Loaded by the first task that needs it. */
  private @Nullable Cublas cublas;

  /** For {@code ServiceLoader}. */
  public CublasProvider() {}

  /** A handle on the stream of one execution plan. */
  private record Context(Cublas cublas, long handle) implements LibraryContext {}

  @Override
  public String libraryName() {
    return CublasTask.LIBRARY;
  }

  @Override
  public boolean canHandle(TornadoXPUDevice device) {
    // Only the CUDA backend shows its streams.
    return device instanceof TornadoNativeStreamSupport;
  }

  @Override
  public synchronized LibraryContext createContext(TornadoXPUDevice device, long executionPlan) {
    if (cublas == null) {
      cublas = Cublas.load();
    }
    long stream = ((TornadoNativeStreamSupport) device).getNativeStream(executionPlan);
    return new Context(cublas, cublas.create(stream));
  }

  @Override
  public void dispatch(String function, LibraryInvocation invocation) {
    Context context = (Context) invocation.getContext();
    Cublas cublas = context.cublas();
    long workspace =
        Math.ceilDiv(
                invocation.getDevicePointer(CublasTask.WORKSPACE), CublasTask.WORKSPACE_ALIGNMENT)
            * CublasTask.WORKSPACE_ALIGNMENT;
    cublas.setWorkspace(context.handle(), workspace, CublasTask.WORKSPACE_BYTES);
    long first = invocation.getDevicePointer(CublasTask.FIRST);
    long second = invocation.getDevicePointer(CublasTask.SECOND);
    long result = invocation.getDevicePointer(CublasTask.RESULT);
    switch (function) {
      case CublasTask.GEMM ->
          cublas.gemm(context.handle(), (GemmCall) invocation.getTuning(), first, second, result);
      case CublasTask.GEMM_BATCH ->
          cublas.gemmBatch(
              context.handle(), (GemmBatch) invocation.getTuning(), first, second, result);
      default ->
          throw new IllegalArgumentException(
              "%s has no function %s".formatted(CublasTask.LIBRARY, function));
    }
  }

  @Override
  public void destroyContext(LibraryContext context) {
    Context own = (Context) context;
    own.cublas().destroy(own.handle());
  }
}
