package org.sigmoe.tornado.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

final class DevicesTest {
  private static final Device OPENCL_CPU = device(Backend.OPENCL, 0, TornadoDeviceType.CPU);
  private static final Device OPENCL_GPU = device(Backend.OPENCL, 1, TornadoDeviceType.GPU);
  private static final Device OPENCL_GPU_2 = device(Backend.OPENCL, 2, TornadoDeviceType.GPU);
  private static final Device CUDA = device(Backend.CUDA, 0, TornadoDeviceType.GPU);
  private static final Device CUDA_2 = device(Backend.CUDA, 1, TornadoDeviceType.GPU);

  @Test
  void firstCudaDeviceIsTheDefault() {
    assertEquals(CUDA, chosen(OPENCL_CPU, OPENCL_GPU, CUDA, CUDA_2));
  }

  @Test
  void withoutCudaTheFirstGpuOfOpenClIsTheDefault() {
    assertEquals(OPENCL_GPU, chosen(OPENCL_CPU, OPENCL_GPU, OPENCL_GPU_2));
  }

  @Test
  void withoutGpuTheFirstDeviceIsTheDefault() {
    assertEquals(OPENCL_CPU, chosen(OPENCL_CPU));
  }

  @Test
  void deviceIsChosenByName() {
    assertEquals(
        OPENCL_GPU_2,
        Devices.choose(List.of(CUDA, OPENCL_CPU, OPENCL_GPU_2), Optional.of("opencl:2")));
  }

  @Test
  void unknownDeviceIsReportedWithThoseAtHand() {
    EngineException thrown =
        assertThrows(
            EngineException.class,
            () -> Devices.choose(List.of(CUDA, OPENCL_CPU), Optional.of("cuda:7")));
    assertEquals(
        "TornadoVM has no device 'cuda:7'; at hand: cuda:0 (a GPU), opencl:0 (a CPU)",
        thrown.getMessage());
  }

  @Test
  void noDeviceAtAllIsReportedWithWhatShowsWhy() {
    EngineException thrown =
        assertThrows(EngineException.class, () -> Devices.choose(List.of(), Optional.empty()));
    assertTrue(thrown.getMessage().contains("nvidia-smi"), thrown.getMessage());
  }

  @Test
  void devicesOfThisMachineAreNamedByBackendAndIndex() {
    List<Device> devices = Devices.atHand();
    assertFalse(devices.isEmpty());
    for (Device device : devices) {
      assertEquals(device, Devices.choose(Optional.of(device.name())));
      assertTrue(device.name().matches("(cuda|opencl):\\d+"), device.name());
      assertTrue(device.memoryBytes() >= device.maxAllocationBytes(), device::toString);
      assertTrue(device.maxAllocationBytes() > 0, device::toString);
      assertFalse(device.description().isBlank(), device::name);
    }
  }

  @Test
  void theDefaultIsListedFirst() {
    List<EngineDevice> listed = Devices.listed();
    assertEquals(Optional.of(Devices.choose(Optional.empty()).name()), listed.getFirst().name());
    assertTrue(listed.size() >= Devices.atHand().size());
  }

  private static Device chosen(Device... devices) {
    return Devices.choose(List.of(devices), Optional.empty());
  }

  private static Device device(Backend backend, int index, TornadoDeviceType type) {
    TornadoDevice untouched =
        (TornadoDevice)
            Proxy.newProxyInstance(
                TornadoDevice.class.getClassLoader(),
                new Class<?>[] {TornadoDevice.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "equals" -> proxy == arguments[0];
                      case "hashCode" -> System.identityHashCode(proxy);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new Device(
        untouched, backend, backend + ":" + index, "a " + type, type, 1 << 20, 1 << 18);
  }
}
