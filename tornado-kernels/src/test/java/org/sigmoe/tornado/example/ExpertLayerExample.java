package org.sigmoe.tornado.example;

import org.sigmoe.tornado.api.ExpertRoute;
import org.sigmoe.tornado.api.KernelTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.matrix.Matrix2DFloat;
import uk.ac.manchester.tornado.api.types.matrix.Matrix3DFloat;

/** A mixture of experts in a task graph of one's own, its ReLU a kernel of one's own. */
final class ExpertLayerExample {
  private ExpertLayerExample() {}

  /** A kernel of one's own. */
  static void relu(FloatArray x, int elements) {
    for (@Parallel int i = 0; i < elements; i++) {
      x.set(i, Math.max(x.get(i), 0f));
    }
  }

  /**
   * y[t] = sum over k of weights[t, k] relu(x[t] up[e]) down[e], e the expert of slot (t, k).
   *
   * @param x [N, D]
   * @param up [E, D, G]
   * @param down [E, G, D]
   * @param experts i32[N K]
   * @param weights [N K]
   */
  static Matrix2DFloat run(
      Matrix2DFloat x, Matrix3DFloat up, Matrix3DFloat down, IntArray experts, FloatArray weights)
      throws TornadoExecutionPlanException {
    int tokens = x.getNumRows();
    int slots = experts.getSize() / tokens;
    Matrix2DFloat hidden = new Matrix2DFloat(tokens * slots, up.getNumDepth());
    Matrix2DFloat y = new Matrix2DFloat(tokens, x.getNumColumns());

    TaskGraph graph = new TaskGraph("experts");
    GridScheduler threads = new GridScheduler();
    KernelTasks tasks = new KernelTasks(graph, threads);
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION,
        tasks.array(x),
        tasks.array(up),
        tasks.array(down),
        experts,
        weights);
    ExpertRoute route = tasks.route(experts, tokens, slots, up.getNumRows());
    tasks.gatherMultiply(x, up, route, hidden);
    graph.task("relu", ExpertLayerExample::relu, tasks.array(hidden), hidden.size());
    tasks.scatterMultiply(hidden, down, weights, route, y);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, tasks.array(y));
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
    return y;
  }
}
