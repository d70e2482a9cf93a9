package org.sigmoe.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Presets;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;

/** A configuration that is named by one word: a preset, a YAML file or the folder of a run. */
sealed interface ConfigArgument {

  /** A preset. */
  record Preset(String name) implements ConfigArgument {}

  /** A YAML file, over the preset that it names. */
  record File(Path path) implements ConfigArgument {}

  /** An existing run. */
  record Run(Path folder) implements ConfigArgument {}

  /**
   * What a word means. A folder of a preset's name is reached as {@code ./tiny}.
   *
   * @throws UsageException if it is none of the three
   */
  static ConfigArgument of(String word) {
    if (Presets.NAMES.contains(word)) {
      return new Preset(word);
    }
    Path path = Path.of(word);
    if (word.matches(".*\\.ya?ml")) {
      return new File(path);
    }
    if (Files.isDirectory(path)) {
      return new Run(path);
    }
    throw new UsageException(
        "'%s' is no preset (%s), no YAML file and no folder of a run"
            .formatted(word, String.join(", ", Presets.NAMES)));
  }

  /** The configuration, with what flags say over it. */
  default Configuration configuration(Settings flags) {
    return switch (this) {
      case Preset(String name) -> Configuration.compose(name, null, flags);
      case File(Path path) -> Configuration.compose(null, path, flags);
      case Run(Path folder) -> Configuration.ofRun(RunFolders.existing(folder).config(), flags);
    };
  }

  /** What to call it in a table: the preset, the file without its ending, the last folder. */
  default String label() {
    return switch (this) {
      case Preset(String name) -> name;
      case File(Path path) -> path.getFileName().toString().replaceFirst("\\.ya?ml$", "");
      case Run(Path folder) -> folder.toAbsolutePath().normalize().getFileName().toString();
    };
  }
}
