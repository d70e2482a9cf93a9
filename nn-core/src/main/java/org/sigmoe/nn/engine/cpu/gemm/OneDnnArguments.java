package org.sigmoe.nn.engine.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What one run hands to a primitive: an array of {@code dnnl_exec_arg_t}, each a role and a memory
 * object of which only the data address changes from run to run.
 */
final class OneDnnArguments implements AutoCloseable {
  // DNNL_ARG_SRC, _WEIGHTS, _DST, _BIAS, _SCRATCHPAD
  private static final int SOURCE = 1;
  private static final int WEIGHTS = 33;
  private static final int DESTINATION = 17;
  private static final int BIAS = 41;
  private static final int SCRATCHPAD = 80;

  /** Bytes of {@code dnnl_exec_arg_t}: an int, padding and a pointer. */
  private static final long ENTRY_BYTES = 16;

  private static final int MOST_ENTRIES = 5;

  /** {@code DNNL_MEMORY_NONE}: the data comes later. */
  private static final long NO_DATA = 0;

  /**
   * Layouts of the operands as {@code dnnl_memory_desc_t}, which must outlive the arguments.
   *
   * @param bias 0 where there is none
   */
  record Layouts(long a, long b, long c, long bias, long scratch) {}

  private final OneDnnLibrary library;
  private final long engine;
  private final OneDnnObjects objects;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment list = arena.allocate(MOST_ENTRIES * ENTRY_BYTES, Long.BYTES);
  private final long a;
  private final long b;
  private final long c;
  private final long scratch;
  private final long bias;
  private int count;

  OneDnnArguments(OneDnnLibrary library, long engine, Layouts layouts) {
    this.library = library;
    this.engine = engine;
    objects = new OneDnnObjects(library);
    a = add(SOURCE, layouts.a);
    b = add(WEIGHTS, layouts.b);
    c = add(DESTINATION, layouts.c);
    scratch = add(SCRATCHPAD, layouts.scratch);
    bias = layouts.bias == 0 ? 0 : add(BIAS, layouts.bias);
  }

  private long add(int role, long layout) {
    long memory = objects.make("dnnl_memory", "dnnl_memory_create", layout, engine, NO_DATA);
    list.set(JAVA_INT, count * ENTRY_BYTES, role);
    list.set(JAVA_LONG, count * ENTRY_BYTES + Long.BYTES, memory);
    count++;
    return memory;
  }

  /** Sets the addresses of the data; that of the bias is ignored where there is none. */
  void point(long atA, long atB, long atC, long atBias, long atScratch) {
    library.setData(a, atA);
    library.setData(b, atB);
    library.setData(c, atC);
    library.setData(scratch, atScratch);
    if (bias != 0) {
      library.setData(bias, atBias);
    }
  }

  int count() {
    return count;
  }

  long address() {
    return list.address();
  }

  @Override
  public void close() {
    objects.close();
    arena.close();
  }
}
