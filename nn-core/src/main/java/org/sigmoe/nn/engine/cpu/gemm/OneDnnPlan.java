package org.sigmoe.nn.engine.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import org.sigmoe.nn.engine.cpu.gemm.OneDnnGemm.Lane;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * One matmul primitive of oneDNN with generated code for its shape. Accumulation is a sum post-op,
 * the bias an operand of the primitive, ReLU an element-wise post-op: none costs another pass.
 */
final class OneDnnPlan extends CheckedPlan {
  // dnnl_data_type_t
  private static final int UNDEFINED = 0;
  private static final int BF16 = 2;
  private static final int F32 = 3;

  private static final int SCRATCHPAD_BY_USER = 1;
  private static final int FPMATH_STRICT = 0;
  private static final int ELTWISE_RELU = 0x20;
  private static final int QUERY_SCRATCHPAD = 136;

  private final GemmShape shape;
  private final OneDnnLibrary library;
  private final Slots<Lane> lanes;

  /** Executions of the primitive in one run. */
  private final int runs;

  private final OneDnnObjects objects;
  private final Slots<OneDnnArguments> arguments;
  private final long primitive;
  private final long scratchBytes;

  OneDnnPlan(OneDnnLibrary library, long engine, Slots<Lane> lanes, GemmShape shape) {
    super(shape);
    this.shape = shape;
    this.library = library;
    this.lanes = lanes;
    // oneDNN 3.11 takes a wrong stride for B in batches with k = 1 (its pull request 6015).
    runs = shape.k() == 1 ? shape.batch() : 1;
    objects = new OneDnnObjects(library);
    // The number of threads is also a property of the primitive.
    library.useCallingThreadOnly();
    try (OneDnnObjects temporary = new OneDnnObjects(library)) {
      long a =
          matrix(
              shape.m(),
              shape.k(),
              shape.transposeA(),
              shape.lda(),
              shape.strideA(),
              elements(shape.type()));
      long b =
          matrix(
              shape.k(),
              shape.n(),
              shape.transposeB(),
              shape.ldb(),
              shape.strideB(),
              elements(shape.type()));
      long c =
          matrix(
              shape.m(),
              shape.n(),
              Transpose.NO,
              shape.ldc(),
              shape.strideC(),
              elements(shape.result()));
      long bias =
          shape.output().hasBias() ? matrix(1, shape.n(), Transpose.NO, shape.n(), 0, F32) : 0L;
      long matmul =
          objects.make(
              "dnnl_primitive_desc",
              "dnnl_matmul_primitive_desc_create",
              engine,
              a,
              b,
              bias,
              c,
              attributes(temporary));
      long scratch =
          library.callForLong("dnnl_primitive_desc_query_md", matmul, QUERY_SCRATCHPAD, 0);
      scratchBytes = library.callForLong("dnnl_memory_desc_get_size", scratch);
      primitive = objects.make("dnnl_primitive", "dnnl_primitive_create", matmul);
      var layouts = new OneDnnArguments.Layouts(a, b, c, bias, scratch);
      arguments =
          new Slots<>(() -> new OneDnnArguments(library, engine, layouts), OneDnnArguments::close);
    } catch (RuntimeException e) {
      objects.close();
      throw e;
    }
  }

  private static int elements(OperandType type) {
    return switch (type) {
      case F32 -> F32;
      case BF16 -> BF16;
    };
  }

  /** Describes op(X)[rows,columns], with the batch before it if there is one. */
  private long matrix(
      int rows, int columns, Transpose transpose, int leading, long batchStride, int elements) {
    long rowStride = transpose == Transpose.NO ? leading : 1;
    long columnStride = transpose == Transpose.NO ? 1 : leading;
    long[] sizes = {rows, columns};
    long[] strides = {rowStride, columnStride};
    if (shape.batch() > runs) {
      // A shared operand is a batch of one, which oneDNN repeats; its stride is never used.
      boolean shared = batchStride == 0;
      long whole = (long) leading * (transpose == Transpose.NO ? rows : columns);
      sizes = new long[] {shared ? 1 : shape.batch(), rows, columns};
      strides = new long[] {shared ? whole : batchStride, rowStride, columnStride};
    }
    try (Arena arena = Arena.ofConfined()) {
      return objects.make(
          "dnnl_memory_desc",
          "dnnl_memory_desc_create_with_strides",
          sizes.length,
          arena.allocateFrom(JAVA_LONG, sizes).address(),
          elements,
          arena.allocateFrom(JAVA_LONG, strides).address());
    }
  }

  private long attributes(OneDnnObjects temporary) {
    long attributes = temporary.make("dnnl_primitive_attr", "dnnl_primitive_attr_create");
    library.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, SCRATCHPAD_BY_USER);
    // Said outright, because the environment can change the default to rounded operands.
    library.call("dnnl_primitive_attr_set_fpmath_mode", attributes, FPMATH_STRICT);
    library.call("dnnl_primitive_attr_set_deterministic", attributes, 1);
    long after = temporary.make("dnnl_post_ops", "dnnl_post_ops_create");
    switch (shape.output()) {
      case OVERWRITE, BIAS -> {}
      case ACCUMULATE -> library.call("dnnl_post_ops_append_sum", after, 1f, 0, UNDEFINED);
      case RELU, BIAS_RELU ->
          library.call("dnnl_post_ops_append_eltwise", after, ELTWISE_RELU, 0f, 0f);
    }
    library.call("dnnl_primitive_attr_set_post_ops", attributes, after);
    return attributes;
  }

  @Override
  void execute(long a, long b, long c, long bias) {
    library.useCallingThreadOnly();
    Lane lane = lanes.take();
    try {
      OneDnnArguments held = arguments.take();
      try {
        execute(a, b, c, bias, lane, held);
      } finally {
        arguments.giveBack(held);
      }
    } catch (GemmException e) {
      throw new GemmException(e.getMessage() + " for " + shape, e);
    } finally {
      lanes.giveBack(lane);
    }
  }

  private void execute(long a, long b, long c, long bias, Lane lane, OneDnnArguments held) {
    long scratch = lane.scratch(scratchBytes);
    int bytes = shape.type().bytes();
    for (int i = 0; i < runs; i++) {
      held.point(
          a + i * shape.strideA() * bytes,
          b + i * shape.strideB() * bytes,
          c + i * shape.strideC() * shape.result().bytes(),
          bias,
          scratch);
      library.execute(primitive, lane.stream(), held.count(), held.address());
    }
  }

  @Override
  void free() {
    arguments.close();
    objects.close();
  }
}
