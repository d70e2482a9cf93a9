package org.sigmoe.tornado.cublas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.engine.EngineException;

/**
 * The C interface of cuBLAS (cublas_v2.h) through the Foreign Function API, as far as products need
 * it. Handles, streams and device pointers are longs. Calls act on the CUDA context that is current
 * to the thread, which TornadoVM sets whenever it uses the device.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
public final class Cublas {
  /** Names of the library, newest first: each CUDA release has a major version in its name. */
  private static final List<String> FILES =
      List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so");

  /** {@code CUBLAS_DEFAULT_MATH}: no precision below what the call asks for. */
  private static final int DEFAULT_MATH = 0;

  /** {@code CUBLAS_GEMM_DEFAULT}: cuBLAS chooses the kernel, always the same for the same call. */
  private static final int DEFAULT_ALGORITHM = -1;

  private static final int RESULT_TYPE = GemmCall.CUDA_R_32F;

  private static final FunctionDescriptor GEMM_EX =
      FunctionDescriptor.of(
          JAVA_INT, // cublasStatus_t
          JAVA_LONG, // handle
          JAVA_INT, // transa
          JAVA_INT, // transb
          JAVA_INT, // m
          JAVA_INT, // n
          JAVA_INT, // k
          ADDRESS, // alpha, on the host
          JAVA_LONG, // A
          JAVA_INT, // Atype
          JAVA_INT, // lda
          JAVA_LONG, // B
          JAVA_INT, // Btype
          JAVA_INT, // ldb
          ADDRESS, // beta, on the host
          JAVA_LONG, // C
          JAVA_INT, // Ctype
          JAVA_INT, // ldc
          JAVA_INT, // computeType
          JAVA_INT); // algo

  private static final FunctionDescriptor GEMM_STRIDED_BATCHED_EX =
      FunctionDescriptor.of(
          JAVA_INT, // cublasStatus_t
          JAVA_LONG, // handle
          JAVA_INT, // transa
          JAVA_INT, // transb
          JAVA_INT, // m
          JAVA_INT, // n
          JAVA_INT, // k
          ADDRESS, // alpha, on the host
          JAVA_LONG, // A
          JAVA_INT, // Atype
          JAVA_INT, // lda
          JAVA_LONG, // strideA
          JAVA_LONG, // B
          JAVA_INT, // Btype
          JAVA_INT, // ldb
          JAVA_LONG, // strideB
          ADDRESS, // beta, on the host
          JAVA_LONG, // C
          JAVA_INT, // Ctype
          JAVA_INT, // ldc
          JAVA_LONG, // strideC
          JAVA_INT, // batchCount
          JAVA_INT, // computeType
          JAVA_INT); // algo

  private final MethodHandle create;
  private final MethodHandle destroy;
  private final MethodHandle setStream;
  private final MethodHandle setWorkspace;
  private final MethodHandle setMathMode;
  private final MethodHandle gemmEx;
  private final MethodHandle gemmStridedBatchedEx;

  /** alpha of every call, and beta of those that add. */
  private final MemorySegment one;

  private final MemorySegment zero;

  private Cublas(SymbolLookup symbols) {
    create = link(symbols, "cublasCreate_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    destroy = link(symbols, "cublasDestroy_v2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    setStream =
        link(symbols, "cublasSetStream_v2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    setWorkspace =
        link(
            symbols,
            "cublasSetWorkspace_v2",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    setMathMode =
        link(symbols, "cublasSetMathMode", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    gemmEx = link(symbols, "cublasGemmEx", GEMM_EX);
    gemmStridedBatchedEx = link(symbols, "cublasGemmStridedBatchedEx", GEMM_STRIDED_BATCHED_EX);
    one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1f);
    zero = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 0f);
  }

  /**
   * Loads the library, for as long as the process lives.
   *
   * @throws EngineException if it is not there or lacks a function, with what to do
   */
  public static Cublas load() {
    return load(FILES);
  }

  static Cublas load(List<String> files) {
    List<String> failures = new ArrayList<>();
    for (String file : files) {
      try {
        return new Cublas(SymbolLookup.libraryLookup(file, Arena.global()));
      } catch (IllegalArgumentException e) {
        failures.add(e.getMessage());
      }
    }
    throw new EngineException(
        ("Matrix products on the CUDA backend need NVIDIA's cuBLAS, and none of %s could be loaded"
                + " (%s). Install the CUDA toolkit's cuBLAS 12 or 13 and put its folder on"
                + " LD_LIBRARY_PATH, or use the OpenCL backend, which does without")
            .formatted(files, String.join("; ", failures)));
  }

  private static MethodHandle link(
      SymbolLookup symbols, String function, FunctionDescriptor descriptor) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(
                () ->
                    new EngineException(
                        "The cuBLAS library lacks the function %s: it is older than CUDA 11.2. Install"
                                .formatted(function)
                            + " cuBLAS 12 or 13"));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  /** A new handle. */
  long create() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(ADDRESS);
      check("cublasCreate", (int) create.invokeExact(handle));
      long created = handle.get(JAVA_LONG, 0);
      check("cublasSetMathMode", (int) setMathMode.invokeExact(created, DEFAULT_MATH));
      return created;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /**
   * Sends a handle's work to {@code stream}, a {@code CUstream}; its scratch memory is forgotten.
   */
  void setStream(long handle, long stream) {
    try {
      check("cublasSetStream", (int) setStream.invokeExact(handle, stream));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /**
   * Gives a handle its scratch memory: with memory of one's own cuBLAS is deterministic and
   * allocates none when it is called.
   *
   * @param address on the device, a multiple of 256
   */
  void setWorkspace(long handle, long address, long bytes) {
    try {
      check("cublasSetWorkspace", (int) setWorkspace.invokeExact(handle, address, bytes));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private MemorySegment beta(GemmCall call) {
    return call.added() ? one : zero;
  }

  /**
   * Starts a product; it may be recorded into a CUDA graph.
   *
   * @param first device address of the array with the first matrix of {@code call}
   * @param second device address of the second matrix of {@code call}
   * @param result device address of the array for the result, f32
   */
  void gemm(long handle, GemmCall call, long first, long second, long result) {
    try {
      int status =
          (int)
              gemmEx.invokeExact(
                  handle,
                  GemmCall.operation(call.transposeFirst()),
                  GemmCall.operation(call.transposeSecond()),
                  call.rows(),
                  call.columns(),
                  call.inner(),
                  one,
                  first + (long) call.offsetFirst() * call.operandBytes(),
                  call.operandType(),
                  call.pitchFirst(),
                  second,
                  call.operandType(),
                  call.pitchSecond(),
                  beta(call),
                  result + (long) call.offsetResult() * Float.BYTES,
                  RESULT_TYPE,
                  call.pitchResult(),
                  call.computeType(),
                  DEFAULT_ALGORITHM);
      check("cublasGemmEx with " + call, status);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /**
   * Starts products of many matrices, as {@link #gemm}.
   *
   * @param first device address of the array with the first matrices of {@code batch}
   * @param second device address of the array with the second matrices of {@code batch}
   * @param result device address of the array for the results
   */
  void gemmBatch(long handle, GemmBatch batch, long first, long second, long result) {
    GemmCall call = batch.product();
    try {
      int status =
          (int)
              gemmStridedBatchedEx.invokeExact(
                  handle,
                  GemmCall.operation(call.transposeFirst()),
                  GemmCall.operation(call.transposeSecond()),
                  call.rows(),
                  call.columns(),
                  call.inner(),
                  one,
                  first + (long) batch.first().offset() * call.operandBytes(),
                  call.operandType(),
                  call.pitchFirst(),
                  (long) batch.first().stride(),
                  second + (long) batch.second().offset() * call.operandBytes(),
                  call.operandType(),
                  call.pitchSecond(),
                  (long) batch.second().stride(),
                  beta(call),
                  result + (long) batch.result().offset() * batch.resultBytes(),
                  batch.resultType(),
                  call.pitchResult(),
                  (long) batch.result().stride(),
                  batch.count(),
                  call.computeType(),
                  DEFAULT_ALGORITHM);
      check("cublasGemmStridedBatchedEx with " + batch, status);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Frees a handle. */
  void destroy(long handle) {
    try {
      check("cublasDestroy", (int) destroy.invokeExact(handle));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void check(String function, int status) {
    if (status != 0) {
      throw new EngineException("%s failed: %s".formatted(function, CublasStatus.describe(status)));
    }
  }

  /** What a call threw: an error of ours as it is; a downcall itself throws nothing checked. */
  private static RuntimeException failed(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new EngineException("A call of cuBLAS failed: " + thrown.getMessage(), thrown);
    };
  }
}
