package org.sigmoe.tornado.kernel.emulator;

import java.time.Duration;
import java.util.function.Consumer;
import org.sigmoe.tornado.kernel.FragmentSums;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * Runs a kernel without TornadoVM's compiler and without a device:
 *
 * <pre>{@code
 * KernelEmulator.run(grid, context -> Kernels.product(context, a, b, c));
 * }</pre>
 *
 * <p>Work groups run one after the other, and of a group one thread at a time, up to its next
 * barrier; the order of the threads is shuffled anew for each stretch between barriers, the same
 * way in every run. So a kernel that lacks a barrier computes something wrong, and the same each
 * time. Besides indices, barriers and local memory there are atomic additions, asynchronous copies,
 * the sums and shuffles of a warp, and the tensor-core product m16n8k16 of f16 and bf16 ({@link
 * TensorCore}); nothing else of {@link KernelContext} means anything here.
 *
 * <p>Stricter than a GPU where that finds mistakes: local memory and the targets of unfinished
 * copies hold NaNs; a barrier that not every thread reaches is an error; within a warp, too, there
 * must be a barrier between a load of a fragment and a change of what it read, and between a store
 * of one and a look at it.
 */
public final class KernelEmulator {
  /** How long a thread may take from one barrier to the next. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static {
    System.setProperty(FragmentSums.EMULATED_PROPERTY, "true");
  }

  private KernelEmulator() {}

  /**
   * Runs a kernel whose threads lie along x.
   *
   * @param groups number of work groups
   * @param threads of each
   * @throws IllegalStateException as {@link #run(WorkerGrid, Consumer)}
   */
  public static void run(int groups, int threads, Consumer<KernelContext> kernel) {
    run(Launch.of(groups, threads), PATIENCE, kernel);
  }

  /**
   * Runs a kernel.
   *
   * @param grid with a local size that divides the global one
   * @param kernel is called once for each thread
   * @throws IllegalStateException with the group and the thread, if a thread throws, if threads of
   *     a group do not meet at barriers or those of a warp at its instructions, or if a thread
   *     comes to no barrier and no end
   */
  public static void run(WorkerGrid grid, Consumer<KernelContext> kernel) {
    run(Launch.of(grid), PATIENCE, kernel);
  }

  static void run(Launch launch, Duration patience, Consumer<KernelContext> kernel) {
    for (int number = 0; number < launch.groups(); number++) {
      WorkGroup group = new WorkGroup(number, launch.threads());
      EmulatedContext[] contexts = contexts(launch, group);
      group.run(thread -> kernel.accept(contexts[thread]), patience);
    }
  }

  private static EmulatedContext[] contexts(Launch launch, WorkGroup group) {
    EmulatedContext[] contexts = new EmulatedContext[launch.threads()];
    LocalMemory memory = new LocalMemory();
    for (int first = 0; first < contexts.length; first += Warp.LANES) {
      Warp warp = new Warp(group, first);
      TensorCore core = new TensorCore(memory, warp);
      int end = Math.min(first + Warp.LANES, contexts.length);
      for (int thread = first; thread < end; thread++) {
        contexts[thread] = new EmulatedContext(launch, thread, group, memory, warp, core);
      }
    }
    return contexts;
  }
}
