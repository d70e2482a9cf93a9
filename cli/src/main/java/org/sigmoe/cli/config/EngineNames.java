package org.sigmoe.cli.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Engines;

/** The engines by name: those in this build, and those of Sigmoe that not every build has. */
public final class EngineNames {
  private static final Map<String, String> MISSING_WHY =
      Map.of(
          "tornado",
          "this build has no TornadoVM engine, because TornadoVM was not found. Install it (SDKMAN:"
              + " sdk install tornadovm; see https://www.tornadovm.org) or set TORNADOVM_HOME to"
              + " its folder; ./sigmoe then builds the engine by itself");

  private EngineNames() {}

  /** Those in this build, in alphabetical order. */
  public static List<String> inThisBuild() {
    return Engines.providers().stream().map(EngineProvider::name).sorted().toList();
  }

  /** Those that this build lacks. */
  public static List<String> missing() {
    List<String> here = inThisBuild();
    return MISSING_WHY.keySet().stream().filter(name -> !here.contains(name)).sorted().toList();
  }

  /** Why this build lacks an engine of Sigmoe, and how to get it; empty for any other name. */
  public static Optional<String> whyMissing(String name) {
    return missing().contains(name) ? Optional.ofNullable(MISSING_WHY.get(name)) : Optional.empty();
  }

  /** Refuses a name that is none of an engine, be it in this build or not. */
  static void requireKnown(String name) {
    List<String> here = inThisBuild();
    if (!here.contains(name) && whyMissing(name).isEmpty()) {
      throw new IllegalArgumentException(
          "name: there is no engine '%s'; at hand: %s".formatted(name, String.join(", ", here)));
    }
  }
}
