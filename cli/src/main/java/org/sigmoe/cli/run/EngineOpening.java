package org.sigmoe.cli.run;

import org.sigmoe.cli.config.EngineConfig;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Engines;

/** Opens the engine that a configuration names. */
public final class EngineOpening {
  private EngineOpening() {}

  /**
   * Opens it.
   *
   * @throws UsageException if it is not available here, or lacks the precision or device
   */
  public static Engine open(EngineConfig config) {
    try {
      return Engines.open(config.name(), config.options());
    } catch (EngineException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
