package org.sigmoe.bench.measure;

import java.util.Optional;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Precision;

/**
 * An engine as it is measured.
 *
 * @param name of its provider, which is looked for at run time
 * @param device in the engine's own words; empty for its default
 * @param precision of matrix products
 * @param threads of a CPU engine
 */
public record EngineChoice(String name, Optional<String> device, Precision precision, int threads) {

  /** Opens it. */
  public Engine open() {
    return Engines.open(name, options());
  }

  /** How it is opened. */
  EngineOptions options() {
    EngineOptions options = EngineOptions.defaults().withThreads(threads).withPrecision(precision);
    return device.map(options::withDevice).orElse(options);
  }

  /** With another precision. */
  public EngineChoice withPrecision(Precision other) {
    return new EngineChoice(name, device, other, threads);
  }

  /** For people and for the names of files: {@code cpu}, {@code cuda-0}. */
  public String label() {
    return device.orElse(name).replace(':', '-');
  }
}
