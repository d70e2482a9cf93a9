package org.sigmoe.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.bench.shape.PaperShape;
import org.sigmoe.bench.work.StepWork;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Precision;

class ReferenceCheckTest {
  static List<Work> works() {
    return Work.all().stream().filter(work -> !(work instanceof StepWork)).toList();
  }

  @ParameterizedTest
  @MethodSource("works")
  void processorComputesEachWorkAsTheReferenceDoes(Work work) {
    EngineChoice cpu = new EngineChoice("cpu", Optional.empty(), Precision.F32, 2);
    Optional<Double> error = new ReferenceCheck(cpu).check(work, PaperShape.WT_S.sizes());
    assertTrue(error.orElseThrow() < 2e-5);
  }

  @ParameterizedTest
  @MethodSource("works")
  void processorWithAmxComputesEachWorkInBf16(Work work) {
    EngineChoice cpu = new EngineChoice("cpu", Optional.empty(), Precision.BF16, 2);
    try {
      cpu.open().close();
    } catch (EngineException e) {
      abort("no bf16 on this processor: " + e.getMessage());
    }
    Optional<Double> error = new ReferenceCheck(cpu).check(work, PaperShape.WT_S.sizes());
    assertTrue(error.orElseThrow() < 2e-2);
  }

  @Test
  void errorIsRelativeToTheLargestElement() {
    float[] expected = {1, -4, 2};
    assertEquals(0.25, ReferenceCheck.error(expected, new float[] {1, -4, 3}, 3), 1e-6);
    assertEquals(
        Double.POSITIVE_INFINITY, ReferenceCheck.error(expected, new float[] {1, Float.NaN, 2}, 3));
  }

  @Test
  void aTenthOfTheRowsMayDiffer() {
    float[] expected = new float[20];
    Arrays.fill(expected, 1);
    float[] actual = expected.clone();
    actual[5] = 9;
    assertEquals(0, ReferenceCheck.error(expected, actual, 2));
    actual[9] = 3;
    assertEquals(2, ReferenceCheck.error(expected, actual, 2));
  }
}
