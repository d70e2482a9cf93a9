package org.sigmoe.nn.engine;

import java.util.Optional;

/** Announces an engine to {@link java.util.ServiceLoader}. */
public interface EngineProvider {

  /** The name by which users choose it, for example {@code cpu}. */
  String name();

  /** Why it cannot be used here and what would help; empty if it can. */
  Optional<String> unavailable();

  /**
   * Opens the engine.
   *
   * @throws EngineException if it is unavailable or cannot serve the options
   */
  Engine open(EngineOptions options);
}
