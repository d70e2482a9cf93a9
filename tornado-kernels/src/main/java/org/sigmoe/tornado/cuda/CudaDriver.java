package org.sigmoe.tornado.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.sigmoe.nn.engine.EngineException;

/**
 * The C interface of the CUDA driver (cuda.h), as far as recorded graphs need it. Contexts, streams
 * and graphs are longs.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
public final class CudaDriver {
  /** The library that TornadoVM's own CUDA backend is linked with. */
  private static final String FILE = "libcuda.so.1";

  /** What the driver says of a status: no message is longer. */
  private static final long MESSAGE_BYTES = 1024;

  private final MethodHandle setContext;
  private final MethodHandle launchGraph;
  private final MethodHandle synchronize;
  private final MethodHandle errorString;

  private CudaDriver(SymbolLookup symbols) {
    setContext = link(symbols, "cuCtxSetCurrent", JAVA_LONG);
    launchGraph = link(symbols, "cuGraphLaunch", JAVA_LONG, JAVA_LONG);
    synchronize = link(symbols, "cuStreamSynchronize", JAVA_LONG);
    errorString = link(symbols, "cuGetErrorString", JAVA_INT, ADDRESS);
  }

  /**
   * Loads the library, for as long as the process lives.
   *
   * @throws EngineException if it is not there or lacks a function
   */
  public static CudaDriver load() {
    return load(FILE);
  }

  static CudaDriver load(String file) {
    try {
      return new CudaDriver(SymbolLookup.libraryLookup(file, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          "The CUDA driver's library %s could not be loaded (%s). Put its folder on LD_LIBRARY_PATH"
                  .formatted(file, e.getMessage())
              + ", or use the OpenCL backend",
          e);
    }
  }

  private static MethodHandle link(
      SymbolLookup symbols, String function, MemoryLayout... parameters) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(
                () ->
                    new EngineException(
                        "The CUDA driver lacks the function %s: install a newer one"
                            .formatted(function)));
    return Linker.nativeLinker()
        .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /**
   * Starts recorded graphs one after the other and waits until the device has done them.
   *
   * @param context a {@code CUcontext}, which becomes the thread's
   * @param stream a {@code CUstream} of that context
   * @param graphs each a {@code CUgraphExec} of that context
   * @throws EngineException if the driver reports an error, of the graphs or of anything before
   *     them
   */
  public void replay(long context, long stream, long... graphs) {
    try {
      check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
      for (long graph : graphs) {
        check("cuGraphLaunch", (int) launchGraph.invokeExact(graph, stream));
      }
      check("cuStreamSynchronize", (int) synchronize.invokeExact(stream));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new EngineException("A call of the CUDA driver failed: " + e.getMessage(), e);
    }
  }

  private void check(String function, int status) throws Throwable {
    if (status != 0) {
      throw new EngineException(
          "%s failed with status %d: %s".formatted(function, status, describe(status)));
    }
  }

  private String describe(int status) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(ADDRESS);
      int unknown = (int) errorString.invokeExact(status, message);
      return unknown == 0
          ? message.get(ADDRESS, 0).reinterpret(MESSAGE_BYTES).getString(0)
          : "unknown to the driver";
    }
  }
}
