package org.sigmoe.bench.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Precision;

/**
 * A training step, feeding and fetching included, makes nothing on the Java heap that grows with
 * the model: the same few bytes are allowed to a model and to one whose activations are a hundred
 * times as large.
 */
class HeapAllocationTest {
  private static final ModelShape SMALL = new ModelShape(19, 20, 1, 2, 9, 24, 8, 8, 2, 0.1);
  private static final ModelShape LARGE = new ModelShape(67, 68, 3, 4, 18, 132, 72, 80, 6, 0.1);

  /** About what reading the numbers of a few steps costs; one vector in each row is far more. */
  private static final long MOST_BYTES_PER_STEP = 1024;

  /** Vectors are objects until the loops around them are compiled. */
  private static final Duration MOST_TO_COMPILE = Duration.ofSeconds(90);

  private static final int WINDOW = 50;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({"F32, 1", "F32, 2", "BF16, 2"})
  void stepMakesNoGarbageWhateverTheSizeOfTheModel(Precision precision, int threads) {
    for (ModelShape shape : new ModelShape[] {SMALL, LARGE}) {
      long bytes = bytesPerStep(shape, precision, threads);
      assertTrue(
          bytes <= MOST_BYTES_PER_STEP,
          () -> "a step of " + shape + " allocates " + bytes + " bytes on the heap");
    }
  }

  /** Bytes that all threads allocate a step, in the first window of steps that is within bounds. */
  private static long bytesPerStep(ModelShape shape, Precision precision, int threads) {
    TokenStreams.Batch batch = new TokenStreams(shape, 1).next();
    try (SigmoeTransformerXl model = open(shape, precision, threads)) {
      long deadline = System.nanoTime() + MOST_TO_COMPILE.toNanos();
      long least = Long.MAX_VALUE;
      while (least > MOST_BYTES_PER_STEP && System.nanoTime() < deadline) {
        long before = THREADS.getTotalThreadAllocatedBytes();
        for (int step = 0; step < WINDOW; step++) {
          model.run(batch);
        }
        least = Math.min(least, (THREADS.getTotalThreadAllocatedBytes() - before) / WINDOW);
      }
      return least;
    }
  }

  private static SigmoeTransformerXl open(ModelShape shape, Precision precision, int threads) {
    try {
      return new SigmoeTransformerXl(shape, Training.of(precision), threads);
    } catch (EngineException unsupported) {
      assumeTrue(precision == Precision.F32, unsupported::getMessage);
      throw unsupported;
    }
  }
}
