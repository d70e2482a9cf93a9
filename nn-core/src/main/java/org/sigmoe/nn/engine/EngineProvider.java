package org.sigmoe.nn.engine;

import java.util.List;
import java.util.Optional;

/** Announces an engine to {@link java.util.ServiceLoader}. */
public interface EngineProvider {

  /** The name by which users choose it, for example {@code cpu}. */
  String name();

  /** Why it cannot be used here and what would help; empty if it can. */
  Optional<String> unavailable();

  /**
   * What it can run on here, its default first. An engine that is not meant for users' work names
   * none.
   *
   * @throws EngineException if it cannot tell: it is unavailable, or a driver fails
   */
  default List<EngineDevice> devices() {
    return List.of();
  }

  /**
   * Opens the engine.
   *
   * @throws EngineException if it is unavailable or cannot serve the options
   */
  Engine open(EngineOptions options);
}
