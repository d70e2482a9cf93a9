package org.sigmoe.nn.layer;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The feed-forward families at hand. */
public final class FeedForwards {
  private FeedForwards() {}

  /** All families on the class path. */
  public static List<FeedForwardProvider> providers() {
    return ServiceLoader.load(FeedForwardProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * The family of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those at hand
   */
  public static FeedForwardProvider family(String name) {
    List<FeedForwardProvider> providers = providers();
    return providers.stream()
        .filter(provider -> provider.family().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no feed-forward family '%s'; at hand: %s"
                        .formatted(name, names(providers))));
  }

  /**
   * The family that a config belongs to.
   *
   * @throws IllegalArgumentException if no family at hand has it
   */
  public static FeedForwardProvider familyOf(FeedForwardConfig config) {
    return providers().stream()
        .filter(provider -> provider.configType() == config.getClass())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    config.getClass().getName() + " belongs to no feed-forward family at hand"));
  }

  private static String names(List<FeedForwardProvider> providers) {
    return providers.stream()
        .map(FeedForwardProvider::family)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
