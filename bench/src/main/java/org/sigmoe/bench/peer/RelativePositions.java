package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.sigmoe.bench.model.ModelShape;

/** What relative attention needs of positions and never trains: sinusoids and the causal mask. */
final class RelativePositions implements AutoCloseable {
  private final int longest;
  private final Tensor sinusoids;
  private final Tensor causalMask;

  /**
   * Tables for contexts of T tokens after up to M positions of memory.
   *
   * @param maskType type of the scores that the mask is added to
   */
  RelativePositions(ModelShape shape, ScalarType maskType) {
    longest = shape.memory() + shape.context();
    try (PointerScope _ = new PointerScope()) {
      sinusoids = sinusoidTable(longest + 1, shape.dModel()).retainReference();
      causalMask =
          causalTable(shape.context(), longest, shape.memory()).to(maskType).retainReference();
    }
  }

  /**
   * Sinusoids of the offsets -seen to 0 (key position less query position), [seen + 1, d]: one more
   * than is visible, because {@link #shift} needs a column that it drops.
   */
  Tensor sinusoids(long seen) {
    return sinusoids.narrow(0, longest - seen, seen + 1);
  }

  /** What is added to the scores, [T, seen]: 0 where the query may look, else minus infinity. */
  Tensor causalMask(long seen) {
    return causalMask.narrow(1, longest - seen, seen);
  }

  /**
   * The relative shift as a view: column c of the scores belongs to the offset c - seen, column j
   * of the result to key j.
   *
   * @param scores [G, T, seen + 1], contiguous
   * @return [G, T, seen]; what lies in the future of the query is another row's score, to be masked
   */
  static Tensor shift(Tensor scores) {
    long groups = scores.size(0);
    long queries = scores.size(1);
    long seen = scores.size(2) - 1;
    return scores.view(groups, seen + 1, queries).narrow(1, 1, seen).view(groups, queries, seen);
  }

  @Override
  public void close() {
    sinusoids.close();
    causalMask.close();
  }

  private static Tensor sinusoidTable(int rows, int width) {
    float[] values = new float[Math.multiplyExact(rows, width)];
    for (int row = 0; row < rows; row++) {
      double offset = row - (rows - 1);
      for (int column = 0; column < width; column++) {
        double angle = offset * Math.pow(10000, -(column - column % 2) / (double) width);
        values[row * width + column] =
            (float) (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return tensor(values).view(rows, width);
  }

  private static Tensor causalTable(int queries, int keys, int memory) {
    float[] values = new float[Math.multiplyExact(queries, keys)];
    for (int query = 0; query < queries; query++) {
      for (int key = query + memory + 1; key < keys; key++) {
        values[query * keys + key] = Float.NEGATIVE_INFINITY;
      }
    }
    return tensor(values).view(queries, keys);
  }
}
