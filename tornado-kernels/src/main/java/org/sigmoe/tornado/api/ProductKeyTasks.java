package org.sigmoe.tornado.api;

import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ProductKeyHalf;
import org.sigmoe.tornado.kernel.ProductKeyTopKShape;
import org.sigmoe.tornado.kernel.SoftmaxKernels;
import org.sigmoe.tornado.kernel.TaskTarget;
import org.sigmoe.tornado.kernel.WeightedGatherKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A lookup in a product-key memory (Lample et al. 2019) in a task graph of one's own: each head
 * scores each half of a query with its sub-keys, chooses the pairs of the largest sums exactly, and
 * weighs their values by a softmax over its pairs. All heads share query and values.
 *
 * <pre>{@code
 * KernelTasks tasks = new KernelTasks(graph, threads);
 * ProductKeyTasks lookup = new ProductKeyTasks(queries, heads, keys, keys, half, chosen, columns);
 * lookup.addTo(tasks, query, keysA, keysB, values, indices, weights, y);
 * }</pre>
 *
 * @param queries N
 * @param heads H
 * @param keysA sub-keys of a head for the first half of a query, A
 * @param keysB sub-keys of a head for the second half, B
 * @param half elements of half a query, P
 * @param chosen pairs that a head chooses, K
 * @param columns elements of a value, D
 */
public record ProductKeyTasks(
    int queries, int heads, int keysA, int keysB, int half, int chosen, int columns) {

  /** Checks the sizes. */
  public ProductKeyTasks {
    if (Math.min(Math.min(queries, heads), Math.min(half, columns)) < 1
        || Math.min(keysA, keysB) < 1) {
      throw new IllegalArgumentException("A lookup needs at least 1 of each of its sizes");
    }
    if (chosen < 1 || chosen > Math.multiplyExact(keysA, keysB)) {
      throw new IllegalArgumentException(
          "A head chooses at least 1 of its %d * %d pairs, not %d".formatted(keysA, keysB, chosen));
    }
  }

  /**
   * Adds the lookup.
   *
   * @param query [N, 2 P]
   * @param firstKeys [H, A, P]
   * @param secondKeys [H, B, P]
   * @param values [A B, D]; the value of pair (i, j) is row i B + j
   * @param indices the rows of values that were chosen, i32[N, H, K]: a result
   * @param weights their weights [N, H, K]: a result
   * @param y [N, D]: the result
   * @throws IllegalArgumentException if an array is shorter than this
   */
  public void addTo(
      TaskTarget to,
      FloatArray query,
      FloatArray firstKeys,
      FloatArray secondKeys,
      FloatArray values,
      IntArray indices,
      FloatArray weights,
      FloatArray y) {
    int rows = queries * heads;
    require("query", query.getSize(), queries, 2 * half);
    require("firstKeys", firstKeys.getSize(), heads * keysA, half);
    require("secondKeys", secondKeys.getSize(), heads * keysB, half);
    require("values", values.getSize(), keysA * keysB, columns);
    require("indices", indices.getSize(), rows, chosen);
    require("weights", weights.getSize(), rows, chosen);
    require("y", y.getSize(), queries, columns);

    FloatArray scoresA = to.scratch(rows, keysA);
    FloatArray scoresB = to.scratch(rows, keysB);
    FloatArray sums = to.scratch(rows, chosen);
    new ProductKeyHalf(queries, 1, heads * keysA, half, 0).addScores(to, query, firstKeys, scoresA);
    new ProductKeyHalf(queries, 1, heads * keysB, half, 1)
        .addScores(to, query, secondKeys, scoresB);
    new ProductKeyTopKShape(rows, keysA, keysB, chosen).addTo(to, scoresA, scoresB, sums, indices);
    to.task(
        "softmax",
        LaunchShapes.rows(rows, chosen),
        id ->
            new TaskPackage(
                id, SoftmaxKernels::softmax, to.context(), sums, rows, chosen, weights));
    to.task(
        "weightedGather",
        WeightedGatherKernels.rowShape(queries, columns),
        id ->
            new TaskPackage(
                id,
                WeightedGatherKernels::forward,
                to.context(),
                values,
                indices,
                weights,
                heads * chosen,
                columns,
                y));
  }

  private static void require(String name, int size, int rows, int width) {
    if (size < Math.multiplyExact(rows, width)) {
      throw new IllegalArgumentException(
          "%s has %d elements, the lookup needs %d * %d".formatted(name, size, rows, width));
    }
  }
}
