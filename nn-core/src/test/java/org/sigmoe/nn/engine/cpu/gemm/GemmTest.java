package org.sigmoe.nn.engine.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.graph.op.Transpose;

/** Every implementation of matrix products against a double-precision loop. */
class GemmTest {
  private static final List<Gemm> GEMMS = List.of(new JavaGemm(), new OneDnnGemm());

  /**
   * Odd ones, small ones, and one beyond each of the Java blocks: rows 96, columns 512, depth 256.
   */
  private static final int[][] SIZES = {
    {1, 1, 1},
    {1, 33, 7},
    {7, 1, 41},
    {41, 7, 1},
    {6, 32, 16},
    {13, 65, 40},
    {64, 32, 128},
    {97, 41, 300},
    {130, 600, 37},
    {5, 513, 257},
  };

  @AfterAll
  static void close() {
    GEMMS.forEach(Gemm::close);
  }

  static Stream<Gemm> gemms() {
    return GEMMS.stream();
  }

  static Stream<Arguments> variants() {
    List<Arguments> variants = new ArrayList<>();
    for (Gemm gemm : GEMMS) {
      for (OperandType type : supported(gemm)) {
        for (Transpose a : Transpose.values()) {
          for (Transpose b : Transpose.values()) {
            for (Output output : Output.values()) {
              variants.add(Arguments.of(gemm.name(), gemm, type, a, b, output));
            }
          }
        }
      }
    }
    return variants.stream();
  }

  private static List<OperandType> supported(Gemm gemm) {
    return Stream.of(OperandType.values()).filter(gemm::supports).toList();
  }

  @ParameterizedTest(name = "{0} {2} A:{3} B:{4} {5}", autoCloseArguments = false)
  @MethodSource("variants")
  void equalsTheDoubleLoop(
      String name, Gemm gemm, OperandType type, Transpose a, Transpose b, Output output) {
    for (int[] size : SIZES) {
      GemmShape tight =
          GemmShape.of(size[0], size[1], size[2], a, b).withType(type).withOutput(output);
      check(gemm, tight);
      GemmShape padded =
          tight.withLeadingDimensions(tight.lda() + 3, tight.ldb() + 5, tight.ldc() + 2);
      check(gemm, padded);
      check(gemm, batched(padded, 3));
      if (type == OperandType.BF16 && output != Output.ACCUMULATE) {
        check(gemm, tight.withResult(type));
        check(gemm, batched(padded, 3).withResult(type));
      }
    }
  }

  @Test
  void resultsInBf16NeedOperandsInBf16AndAreNotAddedTo() {
    GemmShape exact = GemmShape.of(2, 3, 4, Transpose.NO, Transpose.NO);
    assertThrows(IllegalArgumentException.class, () -> exact.withResult(OperandType.BF16));
    GemmShape added = exact.withType(OperandType.BF16).withOutput(Output.ACCUMULATE);
    assertThrows(IllegalArgumentException.class, () -> added.withResult(OperandType.BF16));
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void interleavedHeadsAreABatch(Gemm gemm) {
    int heads = 4;
    for (int size : new int[] {1, 32, 41}) {
      for (int queries : new int[] {1, 17}) {
        for (int keys : new int[] {1, 29}) {
          // queries [T,H,P] and keys [S,H,P] make scores [H,T,S]
          GemmShape scores =
              GemmShape.of(queries, keys, size, Transpose.NO, Transpose.YES)
                  .withLeadingDimensions(heads * size, heads * size, keys)
                  .withBatch(heads, size, size, (long) queries * keys);
          check(gemm, scores);
          // scores [H,T,S] and values [S,H,P] make [T,H,P]: here C interleaves
          GemmShape mix =
              GemmShape.of(queries, size, keys, Transpose.NO, Transpose.NO)
                  .withLeadingDimensions(keys, heads * size, heads * size)
                  .withBatch(heads, (long) queries * keys, size, size);
          check(gemm, mix);
          check(gemm, mix.withOutput(Output.ACCUMULATE));
          // the gradient of values: scores [H,T,S] transposed and [T,H,P] make [S,H,P]
          GemmShape back =
              GemmShape.of(keys, size, queries, Transpose.YES, Transpose.NO)
                  .withLeadingDimensions(keys, heads * size, heads * size)
                  .withBatch(heads, (long) queries * keys, size, size);
          check(gemm, back);
        }
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void operandsWithStrideZeroAreShared(Gemm gemm) {
    GemmShape shape = GemmShape.of(9, 20, 31, Transpose.NO, Transpose.NO);
    check(gemm, shape.withBatch(4, 0, 20 * 31, 9 * 20));
    check(gemm, shape.withBatch(4, 9 * 31, 0, 9 * 20));
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void rowsCanBeSplit(Gemm gemm) {
    for (Transpose a : Transpose.values()) {
      GemmShape whole = GemmShape.of(53, 70, 90, a, Transpose.YES);
      GemmShape upper = whole.withRows(20);
      GemmShape lower = whole.withRows(33);
      try (Arena arena = Arena.ofConfined();
          GemmPlan first = gemm.plan(upper);
          GemmPlan second = gemm.plan(lower)) {
        GemmCase data = new GemmCase(whole, arena, 5);
        first.run(data.a(), data.b(), data.c());
        second.run(
            data.a() + whole.offsetA(20) * Float.BYTES,
            data.b(),
            data.c() + whole.offsetC(20) * Float.BYTES);
        data.verify();
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void onePlanRunsOnSeveralThreads(Gemm gemm) throws Exception {
    GemmShape shape =
        GemmShape.of(61, 83, 270, Transpose.NO, Transpose.YES).withOutput(Output.BIAS_RELU);
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        GemmPlan plan = gemm.plan(shape)) {
      List<Callable<Integer>> jobs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int seed = thread;
        jobs.add(
            () -> {
              for (int i = 0; i < 20; i++) {
                check(plan, seed * 100 + i);
              }
              return 20;
            });
      }
      int done = 0;
      for (Future<Integer> result : threads.invokeAll(jobs)) {
        done += result.get();
      }
      assertEquals(80, done);
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void sameInputGivesTheSameBits(Gemm gemm) {
    GemmShape shape = GemmShape.of(150, 200, 700, Transpose.YES, Transpose.NO);
    try (Arena arena = Arena.ofConfined();
        GemmPlan plan = gemm.plan(shape)) {
      GemmCase first = new GemmCase(shape, arena, 3);
      GemmCase second = new GemmCase(shape, arena, 3);
      plan.run(first.a(), first.b(), first.c());
      plan.run(second.a(), second.b(), second.c());
      assertEquals(-1, first.mismatchOfC(second));
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void runsAllocateNothingOnTheHeap(Gemm gemm) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    GemmShape shape =
        GemmShape.of(7, 33, 20, Transpose.NO, Transpose.YES).withOutput(Output.ACCUMULATE);
    try (Arena arena = Arena.ofConfined();
        GemmPlan plan = gemm.plan(shape)) {
      GemmCase data = new GemmCase(shape, arena, 1);
      long least = Long.MAX_VALUE;
      // Compilation decides when allocations end; a later round must be free of them.
      for (int round = 0; round < 20 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          plan.run(data.a(), data.b(), data.c());
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertTrue(least < 1_000, "10,000 runs allocated " + least + " bytes");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void biasIsDemandedWhereTheOutputHasOneAndRefusedElsewhere(Gemm gemm) {
    GemmShape plain = GemmShape.of(2, 3, 4, Transpose.NO, Transpose.NO);
    try (GemmPlan without = gemm.plan(plain);
        GemmPlan with = gemm.plan(plain.withOutput(Output.BIAS))) {
      assertThrows(IllegalStateException.class, () -> without.run(0, 0, 0, 0));
      assertThrows(IllegalStateException.class, () -> with.run(0, 0, 0));
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("gemms")
  void closedPlansRefuseToRun(Gemm gemm) {
    GemmPlan plan = gemm.plan(GemmShape.of(2, 3, 4, Transpose.NO, Transpose.NO));
    plan.close();
    plan.close();
    assertThrows(IllegalStateException.class, () -> plan.run(0, 0, 0));
  }

  private static GemmShape batched(GemmShape shape, int batch) {
    int rowsA = shape.transposeA() == Transpose.NO ? shape.m() : shape.k();
    int rowsB = shape.transposeB() == Transpose.NO ? shape.k() : shape.n();
    return shape.withBatch(
        batch,
        (long) rowsA * shape.lda() + 1,
        (long) rowsB * shape.ldb() + 2,
        (long) shape.m() * shape.ldc() + 3);
  }

  private static void check(Gemm gemm, GemmShape shape) {
    try (GemmPlan plan = gemm.plan(shape)) {
      assertEquals(shape, plan.shape());
      check(plan, shape.hashCode());
    }
  }

  private static void check(GemmPlan plan, int seed) {
    try (Arena arena = Arena.ofConfined()) {
      GemmCase data = new GemmCase(plan.shape(), arena, seed);
      if (plan.shape().output().hasBias()) {
        plan.run(data.a(), data.b(), data.c(), data.bias());
      } else {
        plan.run(data.a(), data.b(), data.c());
      }
      data.verify();
    }
  }
}
