package org.sigmoe.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sigmoe.bench.model.ModelShape;
import org.sigmoe.bench.model.TokenStreams;
import org.sigmoe.bench.model.Training;
import org.sigmoe.nn.engine.Precision;

class TorchTransformerXlTest {
  private static final ModelShape SHAPE = new ModelShape(11, 16, 2, 2, 7, 24, 5, 5, 3, 0.1);
  private static final TokenStreams.Batch BATCH = new TokenStreams(SHAPE, 3).next();

  @BeforeAll
  static void oneThread() {
    LibTorch.useThreads(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void lossFallsOnDataThatRepeats(Precision precision) {
    double[] losses = losses(SHAPE.withDropout(0), training(precision), 60);
    assertEquals(Math.log(11), losses[0], 0.5, "the first loss is about that of a guess");
    assertTrue(losses[59] < losses[0] / 4, losses[0] + " fell to " + losses[59]);
  }

  @Test
  void sameSeedGivesSameLossesDropoutIncluded() {
    assertArrayEquals(
        losses(SHAPE, training(Precision.F32), 5), losses(SHAPE, training(Precision.F32), 5));
  }

  @Test
  void dropoutChangesTheLoss() {
    assertNotEquals(
        losses(SHAPE, training(Precision.F32), 1)[0],
        losses(SHAPE.withDropout(0), training(Precision.F32), 1)[0]);
  }

  @Test
  void memoryChangesTheLossOfTheNextStep() {
    double[] losses = losses(SHAPE.withDropout(0), new Training(Precision.F32, 0, 1, 1), 3);
    assertNotEquals(losses[0], losses[1], 1e-4);
    assertNotEquals(losses[1], losses[2], 1e-6, "a second layer sees two segments back");
  }

  @Test
  void bothAttentionKernelsTrainAlike() {
    ModelShape shape = SHAPE.withDropout(0);
    double[] one = losses(shape, training(Precision.F32), 20);
    AttentionKernel other = AttentionKernel.SCALED_DOT_PRODUCT;
    assertArrayEquals(one, losses(shape, training(Precision.F32), other, 20), 1e-3);
  }

  @Test
  void halfPrecisionRoundsTheLossButKeepsItNear() {
    double full = losses(SHAPE.withDropout(0), training(Precision.F32), 1)[0];
    double half = losses(SHAPE.withDropout(0), training(Precision.BF16), 1)[0];
    assertNotEquals(full, half);
    assertEquals(full, half, 0.02 * full);
  }

  @Test
  void stepsLeaveNoNativeHandlesBehind() {
    try (var model = new TorchTransformerXl(SHAPE, training(Precision.F32))) {
      step(model);
      step(model);
      long handles = Pointer.totalCount();
      for (int i = 0; i < 20; i++) {
        step(model);
      }
      assertNoMoreThan(handles);
    }
  }

  @Test
  void closedModelLeavesNoNativeHandlesBehind() {
    losses(SHAPE, training(Precision.BF16), 1);
    long handles = Pointer.totalCount();
    losses(SHAPE, training(Precision.BF16), 2);
    assertNoMoreThan(handles);
  }

  @Test
  void wrongNumberOfTokensIsRefusedWithTheRightOne() {
    try (var model = new TorchTransformerXl(SHAPE, training(Precision.F32))) {
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> model.step(new int[14], BATCH.targets()));
      assertEquals("tokens must hold B * T = 3 * 5 = 15 ids, but holds 14", refused.getMessage());
    }
  }

  /** Fewer is possible: the collector may take what class loading left. */
  private static void assertNoMoreThan(long handles) {
    long now = Pointer.totalCount();
    assertTrue(now <= handles, () -> "native handles grew from " + handles + " to " + now);
  }

  private static Training training(Precision precision) {
    return new Training(precision, 0.01, 1, 1);
  }

  private static double[] losses(ModelShape shape, Training training, int steps) {
    return losses(shape, training, AttentionKernel.BATCHED_MATMUL, steps);
  }

  private static double[] losses(
      ModelShape shape, Training training, AttentionKernel attention, int steps) {
    double[] losses = new double[steps];
    try (var model = new TorchTransformerXl(shape, training, attention)) {
      for (int i = 0; i < steps; i++) {
        losses[i] = step(model);
      }
    }
    return losses;
  }

  private static double step(TorchTransformerXl model) {
    return model.step(BATCH.tokens(), BATCH.targets());
  }
}
