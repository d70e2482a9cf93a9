package org.sigmoe.tornado.api;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.sigmoe.tornado.kernel.MatMulShape;
import org.sigmoe.tornado.kernel.TaskTarget;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;

/**
 * Adds kernels of {@link org.sigmoe.tornado.kernel} to a task graph of one's own, each with its
 * launch shape:
 *
 * <pre>{@code
 * TaskGraph graph = new TaskGraph("mine");
 * GridScheduler threads = new GridScheduler();
 * KernelTasks tasks = new KernelTasks(graph, threads);
 * graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, tasks.array(a), tasks.array(b));
 * tasks.multiply(a, b, c);
 * graph.transferToHost(DataTransferMode.EVERY_EXECUTION, tasks.array(c));
 * try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
 *   plan.withGridScheduler(threads).execute();
 * }
 * }</pre>
 *
 * <p>The plan must be given the scheduler, else the kernels run on other threads than theirs and
 * are wrong. Tasks of one's own may stand between. Start Java with {@code
 * -Dtornado.recover.bailout=false}: else TornadoVM runs a kernel that does not compile as
 * sequential Java, in which these are wrong.
 */
public final class KernelTasks implements TaskTarget {
  private final TaskGraph graph;
  private final GridScheduler threads;
  private final KernelContext context = new KernelContext();
  private final Map<Matrix2DFloat, FloatArray> arrays = new IdentityHashMap<>();
  private int added;

  /** Adds to {@code graph}, and the threads of its tasks to {@code threads}. */
  public KernelTasks(TaskGraph graph, GridScheduler threads) {
    this.graph = graph;
    this.threads = threads;
  }

  /**
   * The elements of a matrix, row-major, in the memory that they are in. TornadoVM tells arrays
   * apart by object: transfers and tasks of one matrix must all name this one array.
   */
  public FloatArray array(Matrix2DFloat matrix) {
    return arrays.computeIfAbsent(
        matrix, it -> FloatArray.fromSegmentShallow(it.getSegmentWithHeader()));
  }

  /**
   * Adds the product c = a b.
   *
   * @param a [m, k]
   * @param b [k, n]
   * @param c [m, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void multiply(Matrix2DFloat a, Matrix2DFloat b, Matrix2DFloat c) {
    int m = a.getNumRows();
    int k = a.getNumColumns();
    int n = b.getNumColumns();
    if (b.getNumRows() != k || c.getNumRows() != m || c.getNumColumns() != n) {
      throw new IllegalArgumentException(
          "A product of %s and %s is not %s".formatted(shape(a), shape(b), shape(c)));
    }
    MatMulShape.of(m, n, k).addTo(this, array(a), array(b), array(c));
  }

  private static String shape(Matrix2DFloat matrix) {
    return "[%d, %d]".formatted(matrix.getNumRows(), matrix.getNumColumns());
  }

  @Override
  public KernelContext context() {
    return context;
  }

  @Override
  public void task(String name, WorkerGrid grid, Function<String, TaskPackage> task) {
    String id = name + "_" + added++;
    threads.addWorkerGrid(graph.getTaskGraphName() + "." + id, grid);
    graph.addTask(task.apply(id));
  }

  @Override
  public FloatArray scratch(int elements) {
    return new FloatArray(elements);
  }

  @Override
  public IntArray intScratch(int elements) {
    return new IntArray(elements);
  }
}
