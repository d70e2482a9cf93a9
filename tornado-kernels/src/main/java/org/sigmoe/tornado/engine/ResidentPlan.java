package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.CompileListener;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.device.Device;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;

/** A list of tasks as task graphs that run one after the other over the same arrays. */
final class ResidentPlan implements AutoCloseable {
  private final List<ResidentGraph> graphs = new ArrayList<>();
  private final Device device;

  /** Present on the CUDA backend, once all task graphs have run. */
  private @Nullable GraphReplay replay;

  /**
   * Builds and compiles.
   *
   * @param tasks in order
   * @param link an array that no task uses
   * @param buffers where each array lies
   * @param listener is told how many kernels are compiled
   * @throws EngineException if a kernel does not compile, with its name
   */
  ResidentPlan(
      List<DeviceTask> tasks,
      Object link,
      Map<Object, XPUBuffer> buffers,
      Device device,
      CompileListener listener) {
    this.device = device;
    try {
      int done = 0;
      listener.compiled(done, tasks.size());
      for (List<DeviceTask> part : TaskGraphs.split(tasks)) {
        ResidentGraph graph = new ResidentGraph(part, link, buffers, device);
        graphs.add(graph);
        graph.compile();
        done += graph.size();
        listener.compiled(done, tasks.size());
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Number of task graphs. */
  int graphs() {
    return graphs.size();
  }

  /** Runs all task graphs and waits until the device has done them. */
  void run() {
    if (replay != null) {
      replay.run();
      return;
    }
    graphs.forEach(ResidentGraph::run);
    if (device.backend() == Backend.CUDA && !graphs.isEmpty()) {
      replay = GraphReplay.of(graphs, device);
    }
  }

  @Override
  public void close() {
    graphs.forEach(ResidentGraph::close);
  }
}
