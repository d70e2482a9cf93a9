package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.Optional;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.tornado.device.Devices;
import org.sigmoe.tornado.device.RuntimeFlags;

/** Announces the TornadoVM engine. */
public final class TornadoEngineProvider implements EngineProvider {
  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public Optional<String> unavailable() {
    return RuntimeFlags.problem();
  }

  @Override
  public List<EngineDevice> devices() {
    return Devices.listed();
  }

  @Override
  public Engine open(EngineOptions options) {
    return new TornadoEngine(options, Devices.choose(options.device()));
  }
}
