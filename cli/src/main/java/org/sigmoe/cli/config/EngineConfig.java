package org.sigmoe.cli.config;

import java.util.Optional;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Precision;

/**
 * What runs the model.
 *
 * @param name one of the engines at hand, for example {@code cpu}
 * @param threads of a CPU engine; all processors where it is not given
 * @param precision of matrix products
 * @param device in the engine's own words; its default where it is not given
 */
public record EngineConfig(
    String name, Optional<Integer> threads, Precision precision, Optional<String> device) {

  /** Checks the name and the number of threads. */
  public EngineConfig {
    var names = Engines.providers().stream().map(EngineProvider::name).sorted().toList();
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "name: there is no engine '%s'; at hand: %s".formatted(name, String.join(", ", names)));
    }
    threads.ifPresent(count -> Ranges.requireAtLeast(1, "threads", count));
  }

  /** How to open it. */
  public EngineOptions options() {
    EngineOptions defaults = EngineOptions.defaults();
    return new EngineOptions(
        threads.orElse(defaults.threads()), precision, device, defaults.buffers());
  }
}
