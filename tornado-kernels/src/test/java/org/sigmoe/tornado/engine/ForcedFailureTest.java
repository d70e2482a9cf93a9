package org.sigmoe.tornado.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.CompileListener;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.tornado.device.Devices;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** What cannot work says why, and nothing runs another way instead. */
class ForcedFailureTest {

  static void timeOfDay(FloatArray a, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      a.set(i, String.valueOf(i).hashCode() + System.nanoTime());
    }
  }

  private static TornadoEngine open() {
    return new TornadoEngine(EngineOptions.defaults(), Devices.choose(Optional.empty()));
  }

  @Test
  void kernelThatDoesNotCompileIsNamed() {
    try (TornadoEngine engine = open()) {
      DeviceArray array = engine.memory().allocate(DType.F32, 100, "a");
      DeviceArray link = engine.memory().allocate(DType.I32, 1, "link");
      DeviceTask task =
          new DeviceTask(
              "timeOfDay",
              "a test",
              List.of(array.name(), 100),
              null,
              (graph, id) ->
                  graph.addTask(
                      new TaskPackage(
                          id, ForcedFailureTest::timeOfDay, (FloatArray) array.name(), 100)));
      Map<Object, XPUBuffer> buffers = new IdentityHashMap<>();
      buffers.put(array.name(), array.buffer());
      buffers.put(link.name(), link.buffer());
      EngineException e =
          assertThrows(
              EngineException.class,
              () ->
                  new ResidentPlan(
                      List.of(task), link.name(), buffers, engine.device(), CompileListener.NONE));
      assertTrue(e.getMessage().contains("timeOfDay"), e.getMessage());
      engine.memory().free(array);
      engine.memory().free(link);
    }
  }

  @Test
  void graphTooLargeForTheDeviceIsRefusedBeforeAllocation() {
    try (TornadoEngine engine = open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", TensorType.f32(1_000_000_000));
      Value y = graph.apply(new Add(), x, x).result(0);
      graph.output(graph.apply(new Add(), y, x).result(0));
      for (int i = 0; i < 200; i++) {
        graph.input("x" + i, TensorType.f32(1_000_000_000));
      }
      EngineException e = assertThrows(EngineException.class, () -> engine.compile(graph));
      assertTrue(e.getMessage().contains("MB of device memory"), e.getMessage());
    }
  }
}
