package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A plain product c [m, n] = a b on tensor cores: {@link GroupedMmaKernels} with one group that
 * owns all rows. CUDA only.
 *
 * @param m rows of the result
 * @param n columns of the result
 * @param terms length of the sums
 */
public record MmaShape(int m, int n, int terms) {

  /**
   * Adds the tasks.
   *
   * @param a [m, terms]
   * @param b [terms, n]
   * @param c [m, n]
   */
  public void addTo(TaskTarget to, Bf16Matrix a, Bf16Matrix b, FloatArray c) {
    IntArray offsets = to.intScratch(2);
    to.task(
        "oneGroup",
        LaunchShapes.groups(1),
        id -> new TaskPackage(id, PaddedRowKernels::oneGroup, to.context(), m, offsets));
    // Rows that are sorted already need no order.
    RowLayout route = new RowLayout(offsets, offsets, m, 1, 0, to::intScratch);
    new GroupedMmaShape(m, 1, 1, terms, n).addSorted(to, a, b, route, c);
  }
}
