package org.sigmoe.nn.engine.cpu;

import java.util.List;
import java.util.Optional;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.HostMemory;
import org.sigmoe.nn.engine.cpu.gemm.Gemms;

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
  public List<EngineDevice> devices() {
    Gemms.Choice products = Gemms.choose();
    products.gemm().close();
    int threads = Runtime.getRuntime().availableProcessors();
    return List.of(
        new EngineDevice(
            Optional.empty(),
            "%d processor%s, vectors of %d bits, %s"
                .formatted(
                    threads,
                    threads == 1 ? "" : "s",
                    Lanes.FLOATS.vectorBitSize(),
                    products.reason()),
            HostMemory.total(),
            Optional.empty()));
  }

  @Override
  public Engine open(EngineOptions options) {
    return new CpuEngine(options);
  }
}
