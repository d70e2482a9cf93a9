package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sigmoe.nn.graph.DType;

/** Arrays for use within one node, taken again by later nodes. */
final class ArrayPool {
  private final DeviceMemory memory;
  private final List<DeviceArray> all = new ArrayList<>();
  private final List<DeviceArray> free = new ArrayList<>();

  ArrayPool(DeviceMemory memory) {
    this.memory = memory;
  }

  /** The smallest free array of the type that is long enough, else a new one. */
  DeviceArray take(DType dtype, long elements) {
    DeviceArray taken =
        free.stream()
            .filter(array -> array.dtype() == dtype && array.elements() >= elements)
            .min(Comparator.comparingLong(DeviceArray::elements))
            .orElse(null);
    if (taken == null) {
      taken = memory.allocate(dtype, elements, "A scratch array");
      all.add(taken);
    } else {
      free.remove(taken);
    }
    return taken;
  }

  /** All arrays are free again. */
  void release() {
    free.clear();
    free.addAll(all);
  }

  /** Every array ever taken. */
  List<DeviceArray> all() {
    return all;
  }
}
