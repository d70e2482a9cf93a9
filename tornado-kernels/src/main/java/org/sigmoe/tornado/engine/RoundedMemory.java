package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.tornado.engine.op.RoundedCopies;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Arrays of 16-bit elements that are taken and given back one by one. */
final class RoundedMemory implements RoundedCopies.Memory {
  /** A larger array than so many times what is wanted is left to those who need it. */
  private static final int MOST_EXCESS = 2;

  private final DeviceMemory memory;
  private final Map<ShortArray, DeviceArray> all = new HashMap<>();
  private final List<DeviceArray> free = new ArrayList<>();

  RoundedMemory(DeviceMemory memory) {
    this.memory = memory;
  }

  @Override
  public ShortArray take(int elements) {
    return take((long) elements);
  }

  /** As {@link #take(int)}, for any number of elements that the device has room for. */
  ShortArray take(long elements) {
    long bytes = elements * Short.BYTES;
    DeviceArray taken =
        free.stream()
            .filter(array -> array.bytes() >= bytes && array.bytes() <= MOST_EXCESS * bytes)
            .min(Comparator.comparingLong(DeviceArray::bytes))
            .orElse(null);
    if (taken == null) {
      taken = memory.allocateShorts(elements, "A copy rounded to bf16");
      all.put((ShortArray) taken.name(), taken);
    } else {
      free.remove(taken);
    }
    return (ShortArray) taken.name();
  }

  @Override
  public void giveBack(ShortArray array) {
    free.add(array(array));
  }

  /** The array behind a name that was taken here. */
  DeviceArray array(ShortArray name) {
    DeviceArray array = all.get(name);
    if (array == null) {
      throw new IllegalArgumentException("not taken here: " + name);
    }
    return array;
  }

  /** Every array ever taken. */
  List<DeviceArray> all() {
    return List.copyOf(all.values());
  }
}
