package org.sigmoe.tornado.kernel;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** The gradient of a router's logits in one pass; that of warps is in {@link RowsByWarpsTest}. */
final class RouterGradientKernelsTest {
  @ParameterizedTest
  @CsvSource({"3, 5, 2", "9, 32, 1", "21, 70, 16", "10, 256, 4", "3, 700, 3", "2, 4096, 16"})
  void isWrittenInPlaceOrRounded(int rows, int columns, int k)
      throws TornadoExecutionPlanException {
    RouterGradientCase router = new RouterGradientCase(rows, columns, k);
    run(router, rows, columns, 1);
    router.assertRounded();
    run(router, rows, columns, 0);
    router.assertInPlace();
  }

  private static void run(RouterGradientCase router, int rows, int columns, int rounded)
      throws TornadoExecutionPlanException {
    GridScheduler threads = new GridScheduler("router.sum", LaunchShapes.rows(rows, columns));
    TaskGraph graph =
        new TaskGraph("router")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, router.arrays())
            .addTask(router.task("sum", new KernelContext(), rounded, 0))
            .transferToHost(DataTransferMode.EVERY_EXECUTION, router.results());
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
  }
}
