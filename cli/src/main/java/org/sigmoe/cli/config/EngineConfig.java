package org.sigmoe.cli.config;

import java.util.Optional;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Precision;

/**
 * What runs the model.
 *
 * @param name one of the engines, for example {@code cpu}; whether this build has it is for the one
 *     that opens it to say
 * @param threads of a CPU engine; all processors where it is not given
 * @param precision of matrix products
 * @param device in the engine's own words; its default where it is not given
 */
public record EngineConfig(
    String name, Optional<Integer> threads, Precision precision, Optional<String> device) {

  /** Checks the name and the number of threads. */
  public EngineConfig {
    EngineNames.requireKnown(name);
    threads.ifPresent(count -> Ranges.requireAtLeast(1, "threads", count));
  }

  /** How to open it. */
  public EngineOptions options() {
    EngineOptions defaults = EngineOptions.defaults();
    return new EngineOptions(
        threads.orElse(defaults.threads()), precision, device, defaults.buffers());
  }
}
