package org.sigmoe.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.bench.shape.PaperShape;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.graph.Schedule;

class WorkTest {
  static List<Work> works() {
    return Work.all();
  }

  @ParameterizedTest
  @MethodSource("works")
  void hasANameOfItsOwnAndAGraphThatRuns(Work work) {
    assertEquals(work, Work.of(work.label()));
    Sizes sizes = PaperShape.WT_B.sizes().reduced();
    assertTrue(!Schedule.of(work.graph(sizes)).isEmpty());
  }

  @Test
  void unknownNamesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Work.of("op/none"));
    assertSame(OpWork.ADAM, Work.of("op/adam"));
  }

  @Test
  void routedSlotsAreSortedAndATokensGroupsDiffer() {
    RoutedData data = RoutedData.random(50, 3, 5, 7);
    for (int token = 0; token < 50; token++) {
      assertEquals(3, Arrays.stream(data.indices(), 3 * token, 3 * token + 3).distinct().count());
    }
    assertEquals(150, data.offsets()[5]);
    for (int group = 0; group < 5; group++) {
      for (int row = data.offsets()[group]; row < data.offsets()[group + 1]; row++) {
        assertEquals(group, data.indices()[data.order()[row]]);
        assertTrue(row == data.offsets()[group] || data.order()[row - 1] < data.order()[row]);
      }
    }
  }
}
