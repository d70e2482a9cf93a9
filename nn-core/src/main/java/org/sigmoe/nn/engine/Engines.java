package org.sigmoe.nn.engine;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The engines at hand. */
public final class Engines {
  private Engines() {}

  /** All providers on the class path. */
  public static List<EngineProvider> providers() {
    return ServiceLoader.load(EngineProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * The engine of that name.
   *
   * @throws EngineException if there is none, or it is unavailable, with what would help
   */
  public static EngineProvider available(String name) {
    for (EngineProvider provider : providers()) {
      if (provider.name().equals(name)) {
        provider
            .unavailable()
            .ifPresent(
                why -> {
                  throw new EngineException("Engine '" + name + "' is not available: " + why);
                });
        return provider;
      }
    }
    String known =
        providers().stream().map(EngineProvider::name).sorted().collect(Collectors.joining(", "));
    throw new EngineException("There is no engine '" + name + "'; at hand: " + known);
  }

  /**
   * Opens the engine of that name.
   *
   * @throws EngineException as {@link #available}, or if it cannot serve the options
   */
  public static Engine open(String name, EngineOptions options) {
    return available(name).open(options);
  }
}
