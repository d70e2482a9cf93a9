package org.sigmoe.tornado.kernel;

import java.util.function.Function;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Where tasks of kernels go: the engine's task graphs, or one of a user's own. Tasks run in the
 * order in which they are added, one after the other.
 */
public interface TaskTarget {
  /** Longest array of TornadoVM, which indexes by int. */
  long MAX_ELEMENTS = Integer.MAX_VALUE - 64L;

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

  /**
   * As {@link #scratch(int)}, for the product of two sizes.
   *
   * @throws IllegalArgumentException if an array cannot be that long; has both numbers
   */
  default FloatArray scratch(int rows, int columns) {
    return scratch(elements(rows, columns));
  }

  /** An array of ints, as {@link #scratch(int)}. */
  IntArray intScratch(int elements);

  /** An array of ints, as {@link #scratch(int, int)}. */
  default IntArray intScratch(int rows, int columns) {
    return intScratch(elements(rows, columns));
  }

  /** An array of longs, as {@link #scratch(int)}: what kernels write by eight bytes. */
  LongArray longScratch(int elements);

  /** An array of longs, as {@link #scratch(int, int)}. */
  default LongArray longScratch(int rows, int columns) {
    return longScratch(elements(rows, columns));
  }

  private static int elements(int rows, int columns) {
    long elements = (long) rows * columns;
    if (elements > MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          ("Kernels of this size need %,d elements of scratch memory, an array has at most %,d; give"
                  + " them fewer rows at a time")
              .formatted(elements, MAX_ELEMENTS));
    }
    return (int) elements;
  }
}
