package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.SharedBuffers;
import org.sigmoe.tornado.engine.op.RoundedCopies;
import org.sigmoe.tornado.kernel.Bf16Array;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;

/**
 * Arrays of bf16 elements that are taken and given back one by one. An array is a mere name until
 * {@link #allocate}: only when all have been taken is it known how long each is needed, and so
 * which of them can share memory.
 */
final class RoundedMemory implements RoundedCopies.Memory {
  private final DeviceMemory memory;
  private final Map<Bf16Array, SharedBuffers.Need> needs = new LinkedHashMap<>();
  private final List<DeviceArray> all = new ArrayList<>();

  /** How often arrays have been taken and given back. */
  private int time;

  RoundedMemory(DeviceMemory memory) {
    this.memory = memory;
  }

  @Override
  public Bf16Array take(long elements) {
    Bf16Array names = memory.nameBf16(elements);
    // Until it is given back it is needed to the end.
    needs.put(
        names,
        new SharedBuffers.Need(DType.I32, names.pairs().getSize(), time++, Integer.MAX_VALUE));
    return names;
  }

  @Override
  public void giveBack(Bf16Array array) {
    SharedBuffers.Need need = needs.get(array);
    if (need == null) {
      throw new IllegalArgumentException("not taken here: " + array);
    }
    needs.put(array, new SharedBuffers.Need(need.dtype(), need.elements(), need.begin(), time++));
  }

  /**
   * Allocates the memory of all arrays that were taken.
   *
   * @param placed is told where each array lies
   */
  void allocate(BiConsumer<Bf16Array, XPUBuffer> placed) {
    SharedBuffers shared = SharedBuffers.of(List.copyOf(needs.values()));
    shared
        .buffers()
        .forEach(
            buffer ->
                all.add(
                    memory.allocate(
                        buffer.dtype(), buffer.elements(), "Memory for copies rounded to bf16")));
    int index = 0;
    for (Bf16Array array : needs.keySet()) {
      placed.accept(array, all.get(shared.bufferOf(index)).buffer());
      index++;
    }
  }

  /** All memory that was allocated. */
  List<DeviceArray> all() {
    return List.copyOf(all);
  }
}
