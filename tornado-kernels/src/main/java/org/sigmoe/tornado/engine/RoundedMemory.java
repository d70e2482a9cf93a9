package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.tornado.engine.op.RoundedCopies;
import org.sigmoe.tornado.kernel.Bf16Array;

/** Arrays of bf16 elements that are taken and given back one by one. */
final class RoundedMemory implements RoundedCopies.Memory {
  /** A larger array than so many times what is wanted is left to those who need it. */
  private static final int MOST_EXCESS = 2;

  private final DeviceMemory memory;
  private final Map<Bf16Array, DeviceArray> all = new HashMap<>();
  private final List<Bf16Array> free = new ArrayList<>();

  RoundedMemory(DeviceMemory memory) {
    this.memory = memory;
  }

  @Override
  public Bf16Array take(long elements) {
    long bytes = elements * Short.BYTES;
    Bf16Array taken =
        free.stream()
            .filter(array -> bytes(array) >= bytes && bytes(array) <= MOST_EXCESS * bytes)
            .min(Comparator.comparingLong(this::bytes))
            .orElse(null);
    if (taken == null) {
      DeviceMemory.Bf16 allocated = memory.allocateBf16(elements, "A copy rounded to bf16");
      taken = allocated.names();
      all.put(taken, allocated.array());
    } else {
      free.remove(taken);
    }
    return taken;
  }

  @Override
  public void giveBack(Bf16Array array) {
    array(array);
    free.add(array);
  }

  private long bytes(Bf16Array array) {
    return array(array).bytes();
  }

  /** The memory behind an array that was taken here. */
  DeviceArray array(Bf16Array names) {
    DeviceArray array = all.get(names);
    if (array == null) {
      throw new IllegalArgumentException("not taken here: " + names);
    }
    return array;
  }

  /** Every array ever taken. */
  List<DeviceArray> all() {
    return List.copyOf(all.values());
  }
}
