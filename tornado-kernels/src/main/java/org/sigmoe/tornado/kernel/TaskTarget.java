package org.sigmoe.tornado.kernel;

import java.util.function.Function;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Where tasks of kernels go: the engine's task graphs, or one of a user's own. Tasks run in the
 * order in which they are added, one after the other.
 */
public interface TaskTarget {

  /** The one context object of all kernels of a graph. */
  KernelContext context();

  /**
   * Adds a task of a {@link KernelContext} kernel.
   *
   * @param name of the kernel, for messages
   * @param threads global and local size; the global size is a multiple of the local one
   * @param task makes the task from the id it shall have
   */
  void task(String name, WorkerGrid threads, Function<String, TaskPackage> task);

  /** An array of at least so many elements for the tasks of one call alone, of unknown contents. */
  FloatArray scratch(int elements);

  /** An array of ints, as {@link #scratch}. */
  IntArray intScratch(int elements);
}
