package org.sigmoe.cli.run;

import java.util.function.Consumer;
import org.sigmoe.cli.config.EngineConfig;
import org.sigmoe.cli.config.EngineNames;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;

/** Opens the engine that a configuration names. */
public final class EngineOpening {
  private EngineOpening() {}

  /**
   * Requires it to be at hand, before work is done for it.
   *
   * @throws UsageException if it is not, with how to get it
   */
  public static void requireAvailable(EngineConfig config) {
    EngineNames.whyMissing(config.name())
        .ifPresent(
            why -> {
              throw new UsageException("Engine '" + config.name() + "' is not available: " + why);
            });
    try {
      Engines.available(config.name());
    } catch (EngineException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Opens it.
   *
   * @param progress takes lines that tell how far it is with compiling, of which the next replaces
   *     the one before
   * @throws UsageException if it is not available here, or lacks the precision or device
   */
  public static Engine open(EngineConfig config, Consumer<String> progress) {
    requireAvailable(config);
    EngineOptions options =
        config
            .options()
            .withCompiling(
                (done, all) -> progress.accept("compiling  %d of %d kernels".formatted(done, all)));
    try {
      return Engines.open(config.name(), options);
    } catch (EngineException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
