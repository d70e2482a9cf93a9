package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getFloat;
import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.putFloat;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;
import org.sigmoe.nn.graph.op.ProductKeyTopK;

/**
 * {@link ProductKeyTopK}: the best of each half, then the best of their sums. With both halves
 * sorted, the pair of places (p, q), counted from 0, is beaten by all (p+1)(q+1) - 1 pairs of
 * places that are no worse, so that only some k log k pairs need to be looked at. Sums are taken in
 * double, where they are exact, so that rounding makes no ties.
 */
final class ProductKeyTopKKernel implements Kernel {

  /**
   * Sizes of the scores of both halves.
   *
   * @param rows rows of either
   * @param keysA columns of the first
   * @param keysB columns of the second
   */
  record Halves(int rows, int keysA, int keysB) {}

  /** What a worker collects. */
  private record Search(Leaders a, Leaders b, Leaders pairs) {}

  private final ProductKeyTopK op;
  private final Halves sizes;
  private final long a;
  private final long b;
  private final long scores;
  private final long indices;
  private final Split split;
  private final Search[] searches;

  ProductKeyTopKKernel(
      ProductKeyTopK op, Halves sizes, int threads, long a, long b, long scores, long indices) {
    this.op = op;
    this.sizes = sizes;
    this.a = a;
    this.b = b;
    this.scores = scores;
    this.indices = indices;
    this.split = Split.of(sizes.rows(), 4L * (sizes.keysA() + sizes.keysB() + op.k()));
    this.searches = new Search[threads];
    Arrays.setAll(
        searches,
        _ ->
            new Search(
                new Leaders(op.candidates(sizes.keysA())),
                new Leaders(op.candidates(sizes.keysB())),
                new Leaders(op.k())));
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    Search search = searches[worker];
    for (int row = split.begin(chunk); row < split.end(chunk); row++) {
      best(a + 4L * row * sizes.keysA(), sizes.keysA(), search.a());
      best(b + 4L * row * sizes.keysB(), sizes.keysB(), search.b());
      pair(search);
      write(search.pairs(), row);
    }
  }

  private void best(long from, int keys, Leaders leaders) {
    leaders.begin(op.candidates(keys));
    for (int key = 0; key < keys; key++) {
      leaders.offer(getFloat(from + 4L * key), key);
    }
  }

  private void pair(Search search) {
    Leaders first = search.a();
    Leaders second = search.b();
    search.pairs().begin(op.k());
    for (int p = 0; p < first.count(); p++) {
      int reach = Math.min(second.count(), op.k() / (p + 1));
      for (int q = 0; q < reach; q++) {
        int pair = first.index(p) * sizes.keysB() + second.index(q);
        search.pairs().offer(first.score(p) + second.score(q), pair);
      }
    }
  }

  private void write(Leaders pairs, int row) {
    for (int place = 0; place < op.k(); place++) {
      long at = 4L * ((long) row * op.k() + place);
      putFloat(scores + at, (float) pairs.score(place));
      NativeMemory.ALL.set(ValueLayout.JAVA_INT, indices + at, pairs.index(place));
    }
  }
}
