package org.sigmoe.nn.engine.cpu;

import java.util.Optional;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;

/** Announces the CPU engine. */
public final class CpuEngineProvider implements EngineProvider {
  /** The name of the engine. */
  public static final String NAME = "cpu";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Optional.empty()
        : Optional.of(
            "it needs the Vector API; start Java with --add-modules jdk.incubator.vector");
  }

  @Override
  public Engine open(EngineOptions options) {
    return new CpuEngine(options);
  }
}
