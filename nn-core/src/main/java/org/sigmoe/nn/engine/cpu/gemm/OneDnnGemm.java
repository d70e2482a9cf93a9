package org.sigmoe.nn.engine.cpu.gemm;

import java.lang.foreign.Arena;
import org.sigmoe.nn.graph.op.Transpose;

/** Matrix products by oneDNN's matmul primitive (github.com/uxlfoundation/oneDNN). */
public final class OneDnnGemm implements Gemm {
  /** The value of {@link Gemms#PROPERTY} that asks for this. */
  public static final String NAME = "onednn";

  // dnnl_cpu_isa_t
  private static final int AVX2 = 0x7;
  private static final int AVX512 = 0x27;
  private static final int AVX512_BF16 = 0xe7;
  private static final int AMX = 0xfef;

  private final OneDnnLibrary library;
  private final OneDnnObjects objects;
  private final long engine;
  private final Slots<Lane> lanes;
  private final boolean bf16;
  private volatile boolean closed;

  /**
   * Loads the library.
   *
   * @throws GemmException if it is not there for this platform or does not load
   */
  public OneDnnGemm() {
    library = new OneDnnLibrary(OneDnnFiles.unpacked());
    objects = new OneDnnObjects(library);
    engine = objects.make("dnnl_engine", "dnnl_engine_create", OneDnnLibrary.CPU, 0L);
    lanes = new Slots<>(() -> new Lane(library, engine), Lane::close);
    bf16 = canPlan(OperandType.BF16);
  }

  private boolean canPlan(OperandType type) {
    GemmShape any = GemmShape.of(16, 16, 16, Transpose.NO, Transpose.YES).withType(type);
    try (GemmPlan plan = plan(any)) {
      return plan.shape().equals(any);
    } catch (GemmException refused) {
      return false;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "oneDNN " + library.version() + ", " + instructionSet();
  }

  private String instructionSet() {
    int set = library.instructionSet();
    if (has(AMX)) {
      return "AVX-512 with AMX";
    }
    if (has(AVX512_BF16)) {
      return "AVX-512 with bf16";
    }
    if (has(AVX512)) {
      return "AVX-512";
    }
    return has(AVX2) ? "AVX2" : "instruction set 0x" + Integer.toHexString(set);
  }

  private boolean has(int set) {
    return (library.instructionSet() & set) == set;
  }

  @Override
  public boolean supports(OperandType type) {
    return type == OperandType.F32 || bf16;
  }

  @Override
  public boolean isFast(OperandType type) {
    // AVX512_BF16 alone does not count: on Intel it was measured at half the speed of f32.
    return type == OperandType.F32 || has(AMX);
  }

  @Override
  public GemmPlan plan(GemmShape shape) {
    if (closed) {
      throw new IllegalStateException("oneDNN is closed; a product cannot be planned: " + shape);
    }
    try {
      return new OneDnnPlan(library, engine, lanes, shape);
    } catch (GemmException e) {
      throw new GemmException(e.getMessage() + " for " + shape, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    lanes.close();
    objects.close();
  }

  /** What one thread at work needs whatever the plan: a stream, and scratch memory that grows. */
  static final class Lane implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final OneDnnObjects objects;
    private final long stream;
    private Arena arena = Arena.ofShared();
    private long scratch;
    private long scratchBytes;

    Lane(OneDnnLibrary library, long engine) {
      objects = new OneDnnObjects(library);
      int inOrder = 1;
      stream = objects.make("dnnl_stream", "dnnl_stream_create", engine, inOrder);
    }

    long stream() {
      return stream;
    }

    /** Address of at least so much memory, valid until the next call. */
    long scratch(long bytes) {
      if (bytes > scratchBytes) {
        arena.close();
        scratchBytes = 0;
        arena = Arena.ofShared();
        scratch = arena.allocate(bytes, ALIGNMENT).address();
        scratchBytes = bytes;
      }
      return scratch;
    }

    @Override
    public void close() {
      arena.close();
      objects.close();
    }
  }
}
