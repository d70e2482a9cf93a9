package org.sigmoe.nn.engine.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C interface of oneDNN 3 (dnnl.h) through the Foreign Function API. Objects of the library are
 * longs holding its pointers. The few functions of a run have their own methods; all others, called
 * while planning, go through {@link #call} and {@link #create} by name.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
final class OneDnnLibrary {
  /** {@code dnnl_cpu}. */
  static final int CPU = 1;

  private static final int MAJOR_VERSION = 3;
  private static final int RUNTIME_SEQUENTIAL = 1;
  private static final int RUNTIME_OPENMP = 2;

  /** {@code dnnl_status_t}, by value. */
  private static final List<String> STATUS =
      List.of(
          "success",
          "out of memory",
          "invalid arguments",
          "unimplemented",
          "last implementation reached",
          "runtime error",
          "not required",
          "invalid graph",
          "invalid graph op",
          "invalid shape",
          "invalid data type");

  private static final Linker LINKER = Linker.nativeLinker();

  // Constants of the class and unbound (the function's address comes with the call), so that runs
  // inline and allocate nothing.
  private static final MethodHandle SET_THREADS =
      LINKER.downcallHandle(FunctionDescriptor.ofVoid(JAVA_INT));
  private static final MethodHandle SET_DATA =
      LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle EXECUTE =
      LINKER.downcallHandle(
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
  private static final MethodHandle WAIT =
      LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

  /** Links to the functions that are called by name, by what they take and give. */
  private final Map<FunctionDescriptor, MethodHandle> handles = new ConcurrentHashMap<>();

  private final SymbolLookup symbols;
  private final MemorySegment setThreads;
  private final MemorySegment setData;
  private final MemorySegment execute;
  private final MemorySegment await;
  private final boolean openMp;
  private final String version;

  /**
   * Loads the library, for as long as the process lives.
   *
   * @param files shared libraries in the order in which they are to be loaded, oneDNN last
   * @throws GemmException if one does not load, or is not a oneDNN that this knows how to use
   */
  OneDnnLibrary(List<Path> files) {
    try {
      for (Path file : files.subList(0, files.size() - 1)) {
        SymbolLookup.libraryLookup(file, Arena.global());
      }
      symbols = SymbolLookup.libraryLookup(files.getLast(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new GemmException(
          "oneDNN could not be loaded from " + files + ": " + e.getMessage(), e);
    }
    setData = symbol("dnnl_memory_set_data_handle");
    execute = symbol("dnnl_primitive_execute");
    await = symbol("dnnl_stream_wait");
    // { int major, minor, patch; const char *hash; unsigned cpu_runtime, gpu_runtime }
    MemorySegment about = NativeMemory.ALL.asSlice(callForLong("dnnl_version"), 32);
    int major = about.get(JAVA_INT, 0);
    int runtime = about.get(JAVA_INT, 24);
    version = major + "." + about.get(JAVA_INT, 4) + "." + about.get(JAVA_INT, 8);
    if (major != MAJOR_VERSION) {
      throw new GemmException("oneDNN " + version + " was found, version 3 is needed");
    }
    if (runtime != RUNTIME_SEQUENTIAL && runtime != RUNTIME_OPENMP) {
      throw new GemmException(
          "oneDNN was built with CPU runtime "
              + runtime
              + ", of which the number of threads cannot be set to one (OpenMP can)");
    }
    openMp = runtime == RUNTIME_OPENMP;
    setThreads = openMp ? openMpSetThreads() : MemorySegment.NULL;
  }

  /**
   * The function of the very OpenMP that oneDNN is linked with. It is looked up through oneDNN,
   * which searches its dependencies, because a process may hold several copies of OpenMP.
   */
  private MemorySegment openMpSetThreads() {
    String name = "omp_set_num_threads";
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      // There, a lookup covers one library only; this is the system's OpenMP, of which there is
      // one.
      try {
        return SymbolLookup.libraryLookup("vcomp140.dll", Arena.global()).find(name).orElseThrow();
      } catch (RuntimeException e) {
        throw new GemmException("vcomp140.dll has no usable " + name, e);
      }
    }
    return symbol(name);
  }

  private MemorySegment symbol(String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> new GemmException("the oneDNN library lacks the function " + name));
  }

  /** Version in the form 3.11.0. */
  String version() {
    return version;
  }

  /** Bits of {@code dnnl_cpu_isa_t} that the library uses on this processor. */
  int instructionSet() {
    return (int)
        invoke("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT), new Object[0]);
  }

  /**
   * Holds the library to the calling thread: OpenMP keeps the number of threads to use per thread,
   * and would start workers that compete with the engine's own threads.
   */
  void useCallingThreadOnly() {
    if (openMp) {
      try {
        SET_THREADS.invokeExact(setThreads, 1);
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }
  }

  /** {@code dnnl_memory_set_data_handle}. */
  void setData(long memory, long address) {
    int status;
    try {
      status = (int) SET_DATA.invokeExact(setData, memory, address);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    check("dnnl_memory_set_data_handle", status);
  }

  /** {@code dnnl_primitive_execute}, until it is done. */
  void execute(long primitive, long stream, int count, long arguments) {
    int status;
    int waited;
    try {
      status = (int) EXECUTE.invokeExact(execute, primitive, stream, count, arguments);
      waited = (int) WAIT.invokeExact(await, stream);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    check("dnnl_primitive_execute", status);
    check("dnnl_stream_wait", waited);
  }

  /**
   * Calls a function that returns a status.
   *
   * @param arguments Long for pointers and {@code size_t}, Integer for int and enumerations, Float
   *     for float
   * @throws GemmException if the status is not success
   */
  void call(String function, Object... arguments) {
    FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_INT, layouts(arguments));
    check(function, (int) invoke(function, descriptor, arguments));
  }

  /**
   * Calls a function that returns a pointer or a {@code size_t}; arguments as for {@link #call}.
   */
  long callForLong(String function, Object... arguments) {
    return (long) invoke(function, FunctionDescriptor.of(JAVA_LONG, layouts(arguments)), arguments);
  }

  /**
   * Calls a function that puts a new object's pointer where its first argument points.
   *
   * @param arguments those after the first, as for {@link #call}
   */
  long create(String function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made = arena.allocate(JAVA_LONG);
      Object[] all = new Object[arguments.length + 1];
      all[0] = made.address();
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      call(function, all);
      return made.get(JAVA_LONG, 0);
    }
  }

  private static MemoryLayout[] layouts(Object[] arguments) {
    return Arrays.stream(arguments)
        .map(
            argument ->
                switch (argument) {
                  case Long pointer -> JAVA_LONG;
                  case Integer number -> JAVA_INT;
                  case Float number -> JAVA_FLOAT;
                  default -> throw new IllegalArgumentException("argument " + argument);
                })
        .toArray(MemoryLayout[]::new);
  }

  private Object invoke(String function, FunctionDescriptor descriptor, Object[] arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(
            descriptor,
            unlinked -> {
              MethodHandle linked = LINKER.downcallHandle(unlinked);
              return linked
                  .asSpreader(1, Object[].class, arguments.length)
                  .asType(MethodType.methodType(Object.class, MemorySegment.class, Object[].class));
            });
    try {
      return (Object) handle.invokeExact(symbol(function), arguments);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void check(String function, int status) {
    if (status != 0) {
      String name = status > 0 && status < STATUS.size() ? STATUS.get(status) : "unknown status";
      throw new GemmException(
          "oneDNN: " + function + " failed with \"" + name + "\" (" + status + ")");
    }
  }

  /** Downcalls declare Throwable but raise nothing of their own; let what comes through. */
  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
