package org.sigmoe.tornado.engine;

import java.util.List;
import org.sigmoe.tornado.cuda.CudaDriver;
import org.sigmoe.tornado.device.Device;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * Starts the CUDA graphs that TornadoVM recorded when task graphs first ran, all of them on one
 * stream before the host waits. TornadoVM itself would wait for each and walk through its code
 * before the next, while the device has nothing to do: 0.1 ms a task graph.
 */
final class GraphReplay {
  private final CudaDriver driver;
  private final long context;
  private final long stream;
  private final long[] graphs;

  private GraphReplay(CudaDriver driver, long context, long stream, long[] graphs) {
    this.driver = driver;
    this.context = context;
    this.stream = stream;
    this.graphs = graphs;
  }

  /**
   * The replay of task graphs that have run on the CUDA backend. It is theirs: once one of them is
   * closed it must not be used.
   */
  static GraphReplay of(List<ResidentGraph> graphs, Device device) {
    TornadoNativeStreamSupport streams = (TornadoNativeStreamSupport) device.tornado();
    long plan = graphs.getFirst().planId();
    return new GraphReplay(
        CudaDriver.load(),
        streams.getNativeContext(plan),
        streams.getNativeStream(plan),
        graphs.stream().mapToLong(ResidentGraph::recorded).toArray());
  }

  /** Runs all task graphs and waits until the device has done them. */
  void run() {
    driver.replay(context, stream, graphs);
  }
}
