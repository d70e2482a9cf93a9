package org.sigmoe.tornado.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.sigmoe.nn.engine.EngineException;

/**
 * What the Java virtual machine must be started with, so that TornadoVM runs and never runs wrong
 * unseen. Needs no class of TornadoVM, so it can say that there is none.
 */
public final class RuntimeFlags {
  private static final String ARGUMENT_FILE = "@$TORNADOVM_HOME/tornado-argfile";
  private static final String SET_BY_ARGUMENT_FILE = "tornado.load.runtime.implementation";

  private static final String API_MODULE = "tornado.api";
  private static final String API_PACKAGE = "uk.ac.manchester.tornado.api";
  private static final String OPEN_API =
      "--add-opens " + API_MODULE + "/" + API_PACKAGE + "=ALL-UNNAMED";

  /**
   * Without the first, a kernel that does not compile runs as sequential Java; without the second,
   * a graph of some hundred tasks does not fit its byte code buffer; without the third each task
   * starts twice as late; without the fourth TornadoVM pins host memory behind every array, and
   * behind most of ours there is none.
   */
  private static final List<Setting> SETTINGS =
      List.of(
          new Setting("tornado.recover.bailout", "false"),
          new Setting("tornado.tvm.maxbytecodesize", "262144"),
          new Setting("tornado.max.events", "256"),
          new Setting("tornado.cuda.host.pinning", "false"));

  private RuntimeFlags() {}

  /** The flags that this virtual machine was started without, as they are to be given. */
  public static List<String> missing() {
    return missing(System::getProperty, api());
  }

  /**
   * Requires all flags.
   *
   * @throws EngineException if one is missing, with how to start instead
   */
  public static void requireAll() {
    problem()
        .ifPresent(
            problem -> {
              throw new EngineException(problem);
            });
  }

  /** Which flags are missing and how to start instead; empty if none is. */
  public static Optional<String> problem() {
    List<String> missing = missing();
    return missing.isEmpty() ? Optional.empty() : Optional.of(message(missing));
  }

  static String message(List<String> missing) {
    return "this Java was started without what TornadoVM needs. Start through ./sigmoe, which gives"
        + " it where TornadoVM is installed (TORNADOVM_HOME, or SDKMAN's"
        + " ~/.sdkman/candidates/tornadovm/current), or add to the java command: "
        + String.join(" ", missing);
  }

  static List<String> missing(UnaryOperator<String> properties, Optional<Module> api) {
    List<String> missing = new ArrayList<>();
    if (properties.apply(SET_BY_ARGUMENT_FILE) == null || api.isEmpty()) {
      missing.add(ARGUMENT_FILE);
    }
    if (!api.map(module -> module.isOpen(API_PACKAGE, RuntimeFlags.class.getModule()))
        .orElse(false)) {
      missing.add(OPEN_API);
    }
    for (Setting setting : SETTINGS) {
      if (!setting.value().equals(properties.apply(setting.property()))) {
        missing.add("-D" + setting.property() + "=" + setting.value());
      }
    }
    return missing;
  }

  /** The module of TornadoVM's API, if it was loaded as one. */
  private static Optional<Module> api() {
    return ModuleLayer.boot().findModule(API_MODULE);
  }

  private record Setting(String property, String value) {}
}
