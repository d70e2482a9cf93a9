package org.sigmoe.cli.command;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.run.UsageException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The flags of a command that set keys of the configuration, and what the user gave for them. */
final class ConfigFlags {
  private static final String SET = "--set";

  private final Map<ConfigFlag, String> given = new EnumMap<>(ConfigFlag.class);
  private List<String> assignments = List.of();

  /** Adds the flags of some groups to a command, and {@code --set} for all keys. */
  void addTo(CommandSpec command, ConfigFlag.Group... groups) {
    int order = 0;
    for (ConfigFlag.Group group : groups) {
      ArgGroupSpec.Builder options =
          ArgGroupSpec.builder()
              .exclusive(false)
              .validate(false)
              .heading("%n" + group.heading() + ":%n")
              .order(order++);
      group.flags().forEach(flag -> options.addArg(option(flag)));
      command.addArgGroup(options.build());
    }
    command.addOption(
        OptionSpec.builder(SET)
            .paramLabel("KEY=VALUE")
            .description("Set any key of the configuration, as --set optimiser.beta2=0.98")
            .type(List.class)
            .auxiliaryTypes(String.class)
            // The list so far, to which the next one is added.
            .getter(getter(() -> assignments))
            .setter(setter(value -> assignments = value == null ? List.of() : strings(value)))
            .build());
  }

  private OptionSpec option(ConfigFlag flag) {
    return OptionSpec.builder(flag.flag())
        .paramLabel(flag.label())
        .description(flag.help())
        .type(String.class)
        .order(flag.ordinal())
        .setter(
            setter(
                value -> {
                  if (value == null) {
                    given.remove(flag);
                  } else {
                    given.put(flag, value.toString());
                  }
                }))
        .build();
  }

  /** What the user gave. */
  Settings settings() {
    Settings settings = Settings.empty();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new UsageException(SET + " needs KEY=VALUE, got '" + assignment + "'");
      }
      String value = assignment.substring(equals + 1);
      settings =
          settings.with(
              assignment.substring(0, equals).strip(), value.isEmpty() ? null : value, SET);
    }
    for (Map.Entry<ConfigFlag, String> flag : given.entrySet()) {
      settings = settings.with(flag.getKey().key(), flag.getValue(), flag.getKey().flag());
    }
    return settings;
  }

  private static List<String> strings(Object values) {
    List<String> strings = new ArrayList<>();
    ((List<?>) values).forEach(value -> strings.add(String.valueOf(value)));
    return strings;
  }

  /** Takes the value of an option; null where it is reset. */
  @FunctionalInterface
  private interface Taking {
    void take(@Nullable Object value);
  }

  private static IGetter getter(Supplier<List<String>> giving) {
    return new IGetter() {
      @Override
      @SuppressWarnings("unchecked") // the option's type is a list of texts
      public <T> T get() {
        return (T) giving.get();
      }
    };
  }

  private static ISetter setter(Taking taking) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        taking.take(value);
        return value;
      }
    };
  }
}
