package org.sigmoe.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Family;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.OpWork;
import org.sigmoe.nn.graph.Cost;

class WorkCostTest {
  /** 10 bytes a second, 100 FLOPs a second. */
  private static final Peaks PEAKS = new Peaks(10, Map.of("f32", 100.0));

  @Test
  void floorOfANodeIsWhatBindsItAndNodesComeOneAfterTheOther() {
    Cost byFlops = new Cost(1000, 10, 10);
    Cost byBytes = new Cost(10, 30, 20);
    assertEquals(10_000, new WorkCost(List.of(byFlops), 0).floorMilliseconds(PEAKS, "f32"));
    assertEquals(5_000, new WorkCost(List.of(byBytes), 0).floorMilliseconds(PEAKS, "f32"));
    assertEquals(
        15_000, new WorkCost(List.of(byFlops, byBytes), 0).floorMilliseconds(PEAKS, "f32"));
  }

  @Test
  void peakOfAnotherPrecisionIsNotTaken() {
    WorkCost cost = new WorkCost(List.of(new Cost(1, 1, 1)), 0);
    assertThrows(IllegalArgumentException.class, () -> cost.floorMilliseconds(PEAKS, "bf16"));
  }

  @Test
  void productCostsTwoFlopsAMultiplyAdd() {
    Sizes sizes = Sizes.parse("wt-s,batch=16");
    Cost cost = WorkCost.of(OpWork.MATMUL.graph(sizes)).total();
    assertEquals(2L * 4096 * 412 * 2053, cost.flops());
    assertEquals(4L * (4096 * 412 + 2053 * 412), cost.bytesRead());
    assertEquals(4L * 4096 * 2053, cost.bytesWritten());
  }

  @Test
  void denseBlockKeepsItsHiddenUnitsAndItsResult() {
    Sizes sizes = Sizes.parse("wt-s,batch=16");
    WorkCost dense = WorkCost.of(new LayerWork(Family.DENSE, LayerWork.Pass.BOTH).graph(sizes));
    assertEquals(4L * 4096 * (2053 + 412), dense.activationBytes());
  }
}
