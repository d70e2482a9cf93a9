package org.sigmoe.tornado.engine;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.tornado.device.Device;
import org.sigmoe.tornado.device.Devices;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph;

/** Task graphs on a device that is not TornadoVM's default. */
class ResidentGraphTest {

  @Test
  void deviceIsKnownWhenATaskIsAdded() {
    Device real = Devices.choose(Optional.empty());
    TornadoDevice other = unlikeAnyOther(real.tornado());
    Device device =
        new Device(
            other,
            real.backend(),
            real.name(),
            real.description(),
            real.type(),
            real.memoryBytes(),
            real.maxAllocationBytes());
    List<TornadoDevice> seen = new ArrayList<>();
    DeviceTask task =
        new DeviceTask(
            "kernel",
            "a test",
            List.of(),
            null,
            (graph, id) -> {
              seen.add(deviceOfTasks(graph));
              throw new UnsupportedOperationException("the device runs nothing");
            });
    assertThrows(
        EngineException.class,
        () -> new ResidentGraph(List.of(task), new IntArray(1), Map.of(), device));
    assertSame(other, seen.getFirst());
  }

  /** A device that does what {@code device} does and does not equal it. */
  private static TornadoDevice unlikeAnyOther(TornadoDevice device) {
    return (TornadoDevice)
        Proxy.newProxyInstance(
            ResidentGraphTest.class.getClassLoader(),
            new Class<?>[] {TornadoXPUDevice.class},
            (proxy, method, arguments) ->
                method.getName().equals("equals")
                    ? proxy == arguments[0]
                    : method.invoke(device, arguments));
  }

  private static TornadoDevice deviceOfTasks(TaskGraph graph) {
    try {
      Field field = TaskGraph.class.getDeclaredField("taskGraphImpl");
      field.setAccessible(true);
      return ((TornadoTaskGraph) field.get(graph)).meta().getXPUDevice();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
