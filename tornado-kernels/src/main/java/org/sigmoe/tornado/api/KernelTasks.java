package org.sigmoe.tornado.api;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.sigmoe.tornado.kernel.GroupedMatMulShape;
import org.sigmoe.tornado.kernel.MatMulShape;
import org.sigmoe.tornado.kernel.RouteShape;
import org.sigmoe.tornado.kernel.TaskTarget;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;
import uk.ac.manchester.tornado.api.types.matrix.Matrix3DFloat;

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
 *
 * <p>Kernels on tensor cores need the CUDA backend. TornadoVM reads a task for the default device
 * when it is added, before a plan can choose another one: where several backends are installed,
 * start Java with {@code -Dmine.device=1:0}, the graph's name and the numbers of the CUDA backend
 * and its device as {@code tornado --devices} lists them.
 */
public final class KernelTasks implements TaskTarget {
  private final TaskGraph graph;
  private final GridScheduler threads;
  private final KernelContext context = new KernelContext();
  private final Map<Object, FloatArray> arrays = new IdentityHashMap<>();
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
        matrix, _ -> FloatArray.fromSegmentShallow(matrix.getSegmentWithHeader()));
  }

  /** The elements of matrices, as {@link #array(Matrix2DFloat)}. */
  public FloatArray array(Matrix3DFloat matrices) {
    return arrays.computeIfAbsent(
        matrices, _ -> FloatArray.fromSegmentShallow(matrices.getSegmentWithHeader()));
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

  /**
   * Adds the sort of slots by the expert that each was given, in their order within one expert.
   *
   * @param chosen i32[tokens * slots], an expert in [0, experts) for each slot of each token
   * @throws IllegalArgumentException if {@code chosen} has another size
   */
  public ExpertRoute route(IntArray chosen, int tokens, int slots, int experts) {
    int rows = Math.multiplyExact(tokens, slots);
    if (chosen.getSize() != rows) {
      throw new IllegalArgumentException(
          "%d tokens of %d slots choose %d experts, not %d"
              .formatted(tokens, slots, rows, chosen.getSize()));
    }
    ExpertRoute route =
        new ExpertRoute(
            tokens,
            slots,
            experts,
            new IntArray(rows),
            new IntArray(experts + 1),
            new IntArray(experts));
    new RouteShape(rows, experts)
        .addTo(this, chosen, route.order(), route.offsets(), route.counts());
    return route;
  }

  /**
   * Adds each slot's product with the matrix of its expert: y[s] = x[order[s] / slots] m[e], e the
   * expert of sorted row s.
   *
   * @param x [tokens, k]
   * @param m [experts, k, n]
   * @param y [tokens * slots, n], sorted by expert
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gatherMultiply(Matrix2DFloat x, Matrix3DFloat m, ExpertRoute route, Matrix2DFloat y) {
    checkProduct(x, route.tokens(), m, route, y, route.tokens() * route.slots());
    product(m, route).addGather(this, array(x), array(m), route.order(), route.offsets(), array(y));
  }

  /**
   * Adds the weighted sum, over each token's slots, of sorted rows times the matrix of their
   * expert: y[t] = sum over k of weights[t, k] a[s] m[e], s the sorted row of slot (t, k) and e its
   * expert.
   *
   * @param a [tokens * slots, k], sorted by expert
   * @param m [experts, k, n]
   * @param weights [tokens * slots], by slot
   * @param y [tokens, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void scatterMultiply(
      Matrix2DFloat a, Matrix3DFloat m, FloatArray weights, ExpertRoute route, Matrix2DFloat y) {
    int rows = route.tokens() * route.slots();
    checkProduct(a, rows, m, route, y, route.tokens());
    if (weights.getSize() != rows) {
      throw new IllegalArgumentException(
          "%d slots have a weight each, not %d".formatted(rows, weights.getSize()));
    }
    product(m, route)
        .addWeightedScatter(
            this, array(a), array(m), weights, route.order(), route.offsets(), array(y));
  }

  private static GroupedMatMulShape product(Matrix3DFloat m, ExpertRoute route) {
    return GroupedMatMulShape.of(
        route.tokens(), route.slots(), route.experts(), m.getNumColumns(), m.getNumDepth());
  }

  private static void checkProduct(
      Matrix2DFloat left,
      int leftRows,
      Matrix3DFloat m,
      ExpertRoute route,
      Matrix2DFloat y,
      int rows) {
    if (left.getNumRows() != leftRows
        || m.getNumRows() != route.experts()
        || m.getNumColumns() != left.getNumColumns()
        || y.getNumRows() != rows
        || y.getNumColumns() != m.getNumDepth()) {
      throw new IllegalArgumentException(
          "Products of %s and [%d, %d, %d] for %d tokens of %d slots and %d experts are not %s"
              .formatted(
                  shape(left),
                  m.getNumRows(),
                  m.getNumColumns(),
                  m.getNumDepth(),
                  route.tokens(),
                  route.slots(),
                  route.experts(),
                  shape(y)));
    }
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

  @Override
  public LongArray longScratch(int elements) {
    return new LongArray(elements);
  }
}
