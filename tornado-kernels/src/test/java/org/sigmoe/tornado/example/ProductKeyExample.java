package org.sigmoe.tornado.example;

import org.sigmoe.tornado.api.KernelTasks;
import org.sigmoe.tornado.api.ProductKeyTasks;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A product-key memory in a task graph of one's own, after a kernel of one's own: tokens find their
 * embedding in a table, and that is the query of a lookup.
 */
final class ProductKeyExample {
  final ProductKeyTasks lookup;
  final IntArray indices;
  final FloatArray weights;
  final FloatArray result;

  ProductKeyExample(ProductKeyTasks lookup) {
    this.lookup = lookup;
    int chosen = lookup.queries() * lookup.heads() * lookup.chosen();
    this.indices = new IntArray(chosen);
    this.weights = new FloatArray(chosen);
    this.result = new FloatArray(lookup.queries() * lookup.columns());
  }

  /** A kernel of one's own. */
  static void embed(IntArray tokens, FloatArray table, FloatArray query, int rows, int width) {
    for (@Parallel int i = 0; i < rows * width; i++) {
      query.set(i, table.get(tokens.get(i / width) * width + i % width));
    }
  }

  /** Runs it on TornadoVM's default device; the results are then in the arrays. */
  void run(
      IntArray tokens,
      FloatArray table,
      FloatArray firstKeys,
      FloatArray secondKeys,
      FloatArray values)
      throws TornadoExecutionPlanException {
    int width = 2 * lookup.half();
    FloatArray query = new FloatArray(lookup.queries() * width);
    TaskGraph graph = new TaskGraph("memory");
    GridScheduler threads = new GridScheduler();
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION, tokens, table, firstKeys, secondKeys, values);
    graph.task("embed", ProductKeyExample::embed, tokens, table, query, lookup.queries(), width);
    lookup.addTo(
        new KernelTasks(graph, threads),
        query,
        firstKeys,
        secondKeys,
        values,
        indices,
        weights,
        result);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, indices, weights, result);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(threads).execute();
    }
  }
}
