package org.sigmoe.tornado.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.EngineException;

/**
 * What the Java virtual machine must be started with, so that TornadoVM runs and never runs wrong
 * unseen. Needs no class of TornadoVM, so it can say that there is none.
 */
public final class RuntimeFlags {
  private static final String ARGUMENT_FILE = "@$TORNADOVM_HOME/tornado-argfile";
  private static final String SET_BY_ARGUMENT_FILE = "tornado.load.runtime.implementation";

  private static final String API_MODULE = "tornado.api";

  private static final List<Setting> SETTINGS =
      List.of(
          // Otherwise a kernel that does not compile runs as sequential Java, and nobody is told.
          new Setting("tornado.recover.bailout", "false", "false"::equals),
          // Otherwise a graph of some hundred tasks does not fit the buffer of its byte code.
          new Setting("tornado.tvm.maxbytecodesize", "262144", value -> isAtLeast(262144, value)),
          // Otherwise a graph waits for lists of 32768 events: 200 tasks take twice as long.
          new Setting("tornado.max.events", "256", value -> true),
          // Otherwise TornadoVM pins host memory behind each array, and the engine's have none.
          new Setting("tornado.cuda.host.pinning", "false", "false"::equals),
          // Otherwise OpenCL compiles with fast relaxed math: gradients have been wrong by far.
          new Setting(
              "tornado.opencl.compiler.flags", "-w", value -> !value.contains("fast-relaxed-math")),
          // Otherwise 4 GB. The engine itself sees to it that the device's memory suffices.
          new Setting("tornado.device.memory", "1024GB", value -> true));

  private RuntimeFlags() {}

  /** The flags that this virtual machine was started without, as they are to be given. */
  public static List<String> missing() {
    return missing(System::getProperty, ModuleLayer.boot().findModule(API_MODULE));
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
    return "this Java was started without what TornadoVM needs. Start ./sigmoe with --engine tornado,"
        + " which gives it where TornadoVM is installed (TORNADOVM_HOME, or SDKMAN's"
        + " ~/.sdkman/candidates/tornadovm/current), or add to the java command: "
        + String.join(" ", missing);
  }

  static List<String> missing(Function<String, @Nullable String> properties, Optional<Module> api) {
    List<String> missing = new ArrayList<>();
    if (properties.apply(SET_BY_ARGUMENT_FILE) == null || api.isEmpty()) {
      missing.add(ARGUMENT_FILE);
    }
    for (Setting setting : SETTINGS) {
      String given = properties.apply(setting.property());
      if (given == null || !setting.accepts().test(given)) {
        missing.add("-D" + setting.property() + "=" + setting.value());
      }
    }
    return missing;
  }

  private static boolean isAtLeast(int smallest, String value) {
    return value.matches("\\d{1,9}") && Integer.parseInt(value) >= smallest;
  }

  /**
   * A system property that TornadoVM reads once.
   *
   * @param value what to set it to
   * @param accepts which values will do
   */
  private record Setting(String property, String value, Predicate<String> accepts) {}
}
