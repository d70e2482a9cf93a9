package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * One half of a lookup in product keys (Lample et al. 2019), and the tasks of its products. A part
 * of a query, of one first and one second half, is for one head, or the only part is for all: then
 * the heads' sub-keys are one longer list.
 *
 * <p>query, dquery [rows, parts, 2, size]; keys, dkeys [parts, count, size]; scores, dscores [rows,
 * parts, count].
 *
 * @param rows queries
 * @param parts of a query: as many as heads, or 1
 * @param count sub-keys of all heads of a part
 * @param size elements of a sub-key
 * @param number 0 for the first half of each part of a query, 1 for the second
 */
public record ProductKeyHalf(int rows, int parts, int count, int size, int number) {

  /** Adds scores[row, part, i] = query[row, part, number] . keys[part, i]. */
  public void addScores(TaskTarget to, FloatArray query, FloatArray keys, FloatArray scores) {
    to.task(
        "productKeyScores",
        StridedMatMulKernels.shape(parts, rows, count, 1),
        id ->
            new TaskPackage(
                id,
                StridedMatMulKernels::product,
                to.context(),
                query,
                keys,
                scores,
                rows,
                count,
                size,
                number * size,
                2 * size,
                parts * 2 * size,
                1,
                0,
                count * size,
                1,
                size,
                0,
                count,
                parts * count,
                0,
                size));
  }

  /**
   * Adds dquery[row, part, number] = sum over i of dscores[row, part, i] * keys[part, i]. The other
   * half of dquery is left as it is.
   */
  public void addQueryGradient(
      TaskTarget to, FloatArray dscores, FloatArray keys, FloatArray dquery) {
    to.task(
        "productKeyQueryGradient",
        StridedMatMulKernels.shape(parts, rows, size, 1),
        id ->
            new TaskPackage(
                id,
                StridedMatMulKernels::product,
                to.context(),
                dscores,
                keys,
                dquery,
                rows,
                size,
                count,
                0,
                count,
                parts * count,
                1,
                0,
                count * size,
                size,
                1,
                number * size,
                2 * size,
                parts * 2 * size,
                0,
                count));
  }

  /** Adds dkeys[part, i] = sum over rows of dscores[row, part, i] * query[row, part, number]. */
  public void addKeyGradient(
      TaskTarget to, FloatArray dscores, FloatArray query, FloatArray dkeys) {
    int elements = parts * count * size;
    MatMulLaunch.Tiles launch = MatMulLaunch.ofEach(parts, count, size, rows);
    FloatArray sums = launch.parts() == 1 ? dkeys : to.scratch(launch.parts(), elements);
    to.task(
        "productKeyGradient",
        StridedMatMulKernels.shape(parts, count, size, launch.parts()),
        id ->
            new TaskPackage(
                id,
                StridedMatMulKernels::product,
                to.context(),
                dscores,
                query,
                sums,
                count,
                size,
                rows,
                0,
                count,
                1,
                parts * count,
                number * size,
                2 * size,
                parts * 2 * size,
                1,
                0,
                count * size,
                size,
                elements,
                launch.chunk()));
    if (launch.parts() > 1) {
      to.task(
          "sumParts",
          LaunchShapes.elements(elements),
          id ->
              new TaskPackage(
                  id,
                  MatMulKernels::sumParts,
                  to.context(),
                  sums,
                  dkeys,
                  elements,
                  launch.parts()));
    }
  }
}
