package org.sigmoe.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Presets;
import org.sigmoe.cli.config.Settings;
import picocli.CommandLine.Option;

/** The options that say what the configuration of a new run begins with. */
final class PresetAndFile {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      completionCandidates = PresetNames.class,
      description =
          "Sizes and settings to begin with (" + Presets.DEFAULT + "): ${COMPLETION-CANDIDATES}")
  private @Nullable String preset;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of settings over the preset, for instance a recipe")
  private @Nullable Path config;

  /** Whether the user gave one of them. */
  boolean given() {
    return preset != null || config != null;
  }

  /** What a run is named after. */
  String name() {
    if (config == null) {
      return preset == null ? Presets.DEFAULT : preset;
    }
    return config.getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }

  /** The configuration, with settings over it. */
  Configuration configuration(Settings over) {
    return Configuration.compose(preset, config, over);
  }
}
