package org.sigmoe.tornado.cublas;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryContext;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryInvocation;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * Runs the tasks of {@link CublasTask}; TornadoVM finds it by {@code ServiceLoader}. It asks for a
 * context, which loads cuBLAS and creates a handle, before it records a CUDA graph: while recording
 * nothing is allocated. All execution plans of a device share one handle, because each would take
 * tens of MB of its memory.
 */
public final class CublasProvider implements TornadoLibraryProvider {
  /** Loaded by the first task that needs it. */
  private @Nullable Cublas cublas;

  private final Map<TornadoXPUDevice, SharedHandle> handles = new HashMap<>();

  /** For {@code ServiceLoader}. */
  public CublasProvider() {}

  /** A handle, and how many contexts there are that use it. */
  private static final class SharedHandle {
    private final Cublas cublas;
    private final long handle;
    private int contexts;

    SharedHandle(Cublas cublas) {
      this.cublas = cublas;
      this.handle = cublas.create();
    }
  }

  /** What starts products on the stream of one execution plan. */
  private record Context(TornadoXPUDevice device, SharedHandle shared, long stream)
      implements LibraryContext {}

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
    Cublas library = cublas == null ? Cublas.load() : cublas;
    cublas = library;
    long stream = ((TornadoNativeStreamSupport) device).getNativeStream(executionPlan);
    SharedHandle shared = handles.computeIfAbsent(device, key -> new SharedHandle(library));
    shared.contexts++;
    return new Context(device, shared, stream);
  }

  @Override
  public void dispatch(String function, LibraryInvocation invocation) {
    Context context = (Context) invocation.getContext();
    SharedHandle shared = context.shared();
    // Stream and scratch memory are the handle's until the next call.
    synchronized (shared) {
      shared.cublas.setStream(shared.handle, context.stream());
      dispatch(function, invocation, shared);
    }
  }

  private static void dispatch(String function, LibraryInvocation invocation, SharedHandle shared) {
    Cublas cublas = shared.cublas;
    long handle = shared.handle;
    long workspace =
        Math.ceilDiv(
                invocation.getDevicePointer(CublasTask.WORKSPACE), CublasTask.WORKSPACE_ALIGNMENT)
            * CublasTask.WORKSPACE_ALIGNMENT;
    cublas.setWorkspace(handle, workspace, CublasTask.WORKSPACE_BYTES);
    long first = invocation.getDevicePointer(CublasTask.FIRST);
    long second = invocation.getDevicePointer(CublasTask.SECOND);
    long result = invocation.getDevicePointer(CublasTask.RESULT);
    switch (function) {
      case CublasTask.GEMM ->
          cublas.gemm(handle, (GemmCall) invocation.getTuning(), first, second, result);
      case CublasTask.GEMM_BATCH ->
          cublas.gemmBatch(handle, (GemmBatch) invocation.getTuning(), first, second, result);
      default ->
          throw new IllegalArgumentException(
              "%s has no function %s".formatted(CublasTask.LIBRARY, function));
    }
  }

  @Override
  public synchronized void destroyContext(LibraryContext context) {
    Context own = (Context) context;
    SharedHandle shared = own.shared();
    shared.contexts--;
    if (shared.contexts == 0) {
      handles.remove(own.device());
      shared.cublas.destroy(shared.handle);
    }
  }
}
