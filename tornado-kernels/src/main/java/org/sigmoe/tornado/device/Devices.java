package org.sigmoe.tornado.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineException;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The devices that TornadoVM finds, and the choice of one. */
public final class Devices {
  private static final String NONE =
      "TornadoVM found no device to run on. `nvidia-smi` shows whether an NVIDIA driver works,"
          + " `clinfo -l` which OpenCL devices there are.";

  private Devices() {}

  /**
   * The devices of the backends that the engine serves, in TornadoVM's order.
   *
   * @throws EngineException if flags are missing, or TornadoVM cannot start: a backend of it finds
   *     no driver
   */
  public static List<Device> atHand() {
    RuntimeFlags.requireAll();
    List<Device> devices = new ArrayList<>();
    for (TornadoBackend tornado : backends()) {
      Backend.of(tornado.getBackendType())
          .ifPresent(
              backend -> {
                List<TornadoDevice> own = tornado.getAllDevices();
                for (int index = 0; index < own.size(); index++) {
                  devices.add(Device.of(own.get(index), backend, index));
                }
              });
    }
    return devices;
  }

  /**
   * All devices that TornadoVM finds, for people to choose from: the default first, and last those
   * of backends that the engine does not serve.
   *
   * @throws EngineException as {@link #atHand}, or if there is none
   */
  public static List<EngineDevice> listed() {
    List<Device> usable = new ArrayList<>(atHand());
    if (!usable.isEmpty()) {
      Device first = choose(usable, Optional.empty());
      usable.remove(first);
      usable.addFirst(first);
    }
    List<EngineDevice> listed = new ArrayList<>();
    usable.forEach(device -> listed.add(device.listed()));
    for (TornadoBackend tornado : backends()) {
      TornadoVMBackendType type = tornado.getBackendType();
      if (Backend.of(type).isEmpty()) {
        tornado.getAllDevices().forEach(device -> listed.add(unserved(device, type)));
      }
    }
    if (listed.isEmpty()) {
      throw new EngineException(NONE);
    }
    return listed;
  }

  private static EngineDevice unserved(TornadoDevice device, TornadoVMBackendType backend) {
    return new EngineDevice(
        Optional.empty(),
        device.getPhysicalDevice().getDeviceName().strip() + ", " + device.getDeviceType(),
        device.getMaxGlobalMemory(),
        Optional.of("found by TornadoVM's backend " + backend + ", which Sigmoe does not serve"));
  }

  /**
   * Chooses a device: the first of the CUDA backend, else the first GPU of OpenCL, else the first
   * of OpenCL.
   *
   * @param name of the one wanted, for example {@code opencl:1}; empty for the default
   * @throws EngineException if there is none, or none of that name, with those that there are
   */
  public static Device choose(Optional<String> name) {
    return choose(atHand(), name);
  }

  static Device choose(List<Device> devices, Optional<String> name) {
    if (devices.isEmpty()) {
      throw new EngineException(NONE);
    }
    if (name.isPresent()) {
      return first(devices, device -> device.name().equals(name.get()))
          .orElseThrow(() -> unknown(name.get(), devices));
    }
    return Stream.<Predicate<Device>>of(
            device -> device.backend() == Backend.CUDA,
            device -> device.type() == TornadoDeviceType.GPU,
            device -> true)
        .flatMap(wanted -> first(devices, wanted).stream())
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Device> first(List<Device> devices, Predicate<Device> wanted) {
    return devices.stream().filter(wanted).findFirst();
  }

  private static EngineException unknown(String name, List<Device> devices) {
    return new EngineException(
        "TornadoVM has no device '"
            + name
            + "'; at hand: "
            + devices.stream().map(Device::toString).collect(Collectors.joining(", ")));
  }

  /**
   * TornadoVM loads all its backends at the first use of this class, and all of them fail if one
   * does.
   */
  private static List<TornadoBackend> backends() {
    try {
      return TornadoExecutionPlan.getTornadoDeviceMap().getAllBackends();
    } catch (LinkageError | RuntimeException e) {
      throw new EngineException(
          NONE
              + " It could not start: "
              + rootMessage(e)
              + ". All its backends must load: one whose driver is missing (CUDA without an NVIDIA"
              + " driver, OpenCL without a platform) stops the others, so install TornadoVM with"
              + " the backend that this machine has.",
          e);
    }
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // TornadoVM colours its messages for terminals.
    return String.valueOf(root.getMessage()).replaceAll("\u001b\\[[0-9;]*m", "").strip();
  }
}
