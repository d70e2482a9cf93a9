package org.sigmoe.nn.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Engines;

/**
 * The engines that tests run on: every one that can be used here, or the one that {@code
 * -Dsigmoe.test.engine=NAME} names. A module that brings an engine runs the tests of others so, for
 * its own engine alone; {@code -Dsigmoe.test.device=NAME} then chooses one of its devices.
 */
public final class TestedEngines {
  private static final Optional<String> NAME = property("sigmoe.test.engine");
  private static final Optional<String> DEVICE = property("sigmoe.test.device");

  private TestedEngines() {}

  /**
   * Their providers.
   *
   * @throws IllegalStateException if an engine is named that is not at hand or cannot be used:
   *     tests that run on nothing would all pass
   */
  public static List<EngineProvider> atHand() {
    return NAME.map(name -> List.of(named(name)))
        .orElseGet(
            () ->
                Engines.providers().stream()
                    .filter(provider -> provider.unavailable().isEmpty())
                    .toList());
  }

  /** Whether the tests are for one engine, so that what concerns none or all need not run. */
  public static boolean isOneNamed() {
    return NAME.isPresent();
  }

  /** The defaults for an engine; for the one that is named, on the device that is named. */
  public static EngineOptions options(String engine) {
    EngineOptions defaults = EngineOptions.defaults();
    return NAME.filter(engine::equals)
        .flatMap(name -> DEVICE)
        .map(defaults::withDevice)
        .orElse(defaults);
  }

  private static EngineProvider named(String name) {
    EngineProvider found =
        Engines.providers().stream()
            .filter(provider -> provider.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("There is no engine '" + name + "'"));
    found
        .unavailable()
        .ifPresent(
            why -> {
              throw new IllegalStateException("Engine '" + name + "' cannot be used: " + why);
            });
    Announcement.makeOnce(found);
    return found;
  }

  /** Says once what tests run on: a device number alone may be another device than one thinks. */
  private static final class Announcement {
    private static final AtomicBoolean MADE = new AtomicBoolean();

    static void makeOnce(EngineProvider engine) {
      if (!MADE.getAndSet(true)) {
        System.out.printf(
            "Tests run on engine %s, device %s of %s%n",
            engine.name(), DEVICE.orElse("by default"), engine.devices());
      }
    }
  }

  /** A property that is set to something: a build passes those that nobody set as empty. */
  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isEmpty());
  }
}
