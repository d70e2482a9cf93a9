package org.sigmoe.nn.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Buffers that serve several needs whose lifetimes do not overlap: the largest need first, each
 * into the first buffer that is free all its life.
 */
public final class SharedBuffers {

  /**
   * Memory that is needed for some time.
   *
   * @param begin when it is written first
   * @param end when it is read last, not before {@code begin}
   */
  public record Need(DType dtype, long elements, int begin, int end) {
    private boolean overlaps(Need other) {
      return begin <= other.end && other.begin <= end;
    }
  }

  private final List<BufferPlan.Buffer> buffers = new ArrayList<>();
  private final int[] bufferOf;

  private SharedBuffers(List<Need> needs) {
    this.bufferOf = new int[needs.size()];
    List<List<Need>> tenants = new ArrayList<>();
    IntStream.range(0, needs.size())
        .boxed()
        .sorted(
            Comparator.comparingLong((Integer index) -> -needs.get(index).elements())
                .thenComparingInt(index -> needs.get(index).begin()))
        .forEach(index -> bufferOf[index] = assign(needs.get(index), tenants));
  }

  /** Buffers for all of {@code needs}. */
  public static SharedBuffers of(List<Need> needs) {
    return new SharedBuffers(needs);
  }

  private int assign(Need need, List<List<Need>> tenants) {
    int buffer = 0;
    while (buffer < tenants.size() && !fits(need, buffer, tenants.get(buffer))) {
      buffer++;
    }
    if (buffer == tenants.size()) {
      tenants.add(new ArrayList<>());
      buffers.add(new BufferPlan.Buffer(need.dtype(), need.elements()));
    }
    tenants.get(buffer).add(need);
    return buffer;
  }

  private boolean fits(Need need, int buffer, List<Need> tenants) {
    return buffers.get(buffer).dtype() == need.dtype()
        && tenants.stream().noneMatch(need::overlaps);
  }

  /** All buffers, each as large as the largest need that it serves. */
  public List<BufferPlan.Buffer> buffers() {
    return List.copyOf(buffers);
  }

  /** Number of the buffer of need number {@code index}. */
  public int bufferOf(int index) {
    return bufferOf[index];
  }
}
