package org.sigmoe.tornado.engine;

import java.util.Optional;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.device.Device;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;

/** Announces the TornadoVM engine. */
public final class TornadoEngineProvider implements EngineProvider {
  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Engine open(EngineOptions options) {
    var d = TornadoExecutionPlan.getDevice(0, 0);
    return new TornadoEngine(
        options,
        new Device(
            d,
            Backend.OPENCL,
            "opencl:0",
            d.getPhysicalDevice().getDeviceName(),
            d.getMaxGlobalMemory()));
  }
}
