package org.sigmoe.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The configurations that come with the program. */
public final class Presets {
  /** The preset of a training where none is named. */
  public static final String DEFAULT = "tiny";

  /** Their names. */
  public static final List<String> NAMES =
      List.of(
          DEFAULT,
          "wt-s-dense",
          "wt-s-moe",
          "wt-s-topk",
          "wt-s-pkm",
          "wt-s-pkm-values",
          "wt-s-star-moe",
          "wt-b-dense",
          "wt-b-moe",
          "wt-b-pkm",
          "e8-dense",
          "e8-moe");

  private Presets() {}

  /**
   * The settings of a preset.
   *
   * @throws ConfigException if there is none of the name; lists those there are
   */
  static Settings settings(String name) {
    if (!NAMES.contains(name)) {
      throw new ConfigException(
          "there is no preset '%s'; there are %s".formatted(name, String.join(", ", NAMES)));
    }
    return resource("presets/" + name + ".yaml", "preset " + name);
  }

  /** What holds where neither a preset nor the user says otherwise. */
  static Settings defaults() {
    return resource("defaults.yaml", "defaults");
  }

  private static Settings resource(String file, String source) {
    try (InputStream in = Presets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing in the program");
      }
      return YamlSettings.parse(source, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " in the program", e);
    }
  }
}
