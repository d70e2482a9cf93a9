package org.sigmoe.tornado.api;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sigmoe.tornado.kernel.GroupedMatMulShape;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels in a task graph of one's own. */
class KernelTasksTest {
  @Test
  void scratchMemoryBeyondTheLongestArrayIsReportedWithBothSizes() {
    KernelTasks tasks = new KernelTasks(new TaskGraph("large"), new GridScheduler());
    GroupedMatMulShape shape = GroupedMatMulShape.of(1 << 20, 16, 4, 8, 256);
    FloatArray floats = new FloatArray(1);
    IntArray ints = new IntArray(1);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> shape.addScatter(tasks, floats, floats, ints, ints, floats))
            .getMessage();
    assertTrue(message.contains("4,294,967,296 elements"), message);
    assertTrue(message.contains("at most 2,147,483,583"), message);
  }
}
