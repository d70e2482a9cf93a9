package org.sigmoe.tornado.device;

import java.util.Optional;
import org.sigmoe.nn.engine.EngineDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * A device that the engine can run on. One GPU is two devices where both backends find it.
 *
 * @param tornado TornadoVM's own object, for execution plans
 * @param backend that compiles kernels for it
 * @param name by which users choose it: the backend and the index within the backend, for example
 *     {@code cuda:0}
 * @param description what its driver calls it
 * @param type a GPU, a CPU or another kind
 * @param memoryBytes its global memory, used or not
 * @param maxAllocationBytes the largest single buffer that it allows
 */
public record Device(
    TornadoDevice tornado,
    Backend backend,
    String name,
    String description,
    TornadoDeviceType type,
    long memoryBytes,
    long maxAllocationBytes) {

  /** The device of that index within its backend. */
  static Device of(TornadoDevice tornado, Backend backend, int index) {
    return new Device(
        tornado,
        backend,
        backend + ":" + index,
        tornado.getPhysicalDevice().getDeviceName().strip(),
        tornado.getDeviceType(),
        tornado.getMaxGlobalMemory(),
        tornado.getMaxAllocMemory());
  }

  /** It as one of all engines' devices. */
  EngineDevice listed() {
    return new EngineDevice(
        Optional.of(name), description + ", " + type, memoryBytes, Optional.empty());
  }

  @Override
  public String toString() {
    return name + " (" + description + ")";
  }
}
