package org.sigmoe.cli.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.model.ModelConfig;

/**
 * A whole configuration: bound, and as it was written.
 *
 * <p>Layers, each over the one before: defaults, a preset, a file over its {@code base}, the
 * command line. What is left open follows from the rest: a head is {@code dModel / heads} wide,
 * memory is as long as the context, options of a feed-forward family are what the family says, or
 * what gives it the parameters that are asked for. Paths are relative to the working folder, but
 * for {@code base}, which is relative to its file.
 *
 * @param origin the layers in words, for the user
 * @param run what it says
 * @param settings all keys with their texts
 */
public record Configuration(String origin, RunConfig run, Settings settings) {
  private static final String PRESET = "preset";
  private static final String HEAD_SIZE = "model.headSize";
  private static final String MEMORY = "model.memory";
  private static final List<String> PATHS = List.of("data.path", "data.valid", "data.test");

  /**
   * A configuration for a new run, or to look at.
   *
   * @param preset the preset below everything; where it is null, the key {@code preset} of the file
   *     or of a file below it names it, or else it is {@link Presets#DEFAULT}
   * @param file a YAML file, if there is one
   * @param commandLine what flags say
   * @throws ConfigException if there is anything wrong with it
   */
  public static Configuration compose(
      @Nullable String preset, @Nullable Path file, Settings commandLine) {
    FileSettings given = file == null ? FileSettings.NONE : FileSettings.read(file);
    Settings written = given.settings();
    String base = preset != null ? preset : written.text(PRESET).orElse(Presets.DEFAULT);
    String origin =
        "preset "
            + base
            + given.files().stream().map(path -> ", " + path).collect(Collectors.joining());
    Settings layers =
        commandLine
            .over(written.without(PRESET))
            .over(Presets.settings(base))
            .over(Presets.defaults());
    return of(origin + commandLineOf(commandLine), layers);
  }

  /**
   * The configuration of an existing run.
   *
   * @param file the configuration in its folder
   * @param commandLine what flags say
   * @throws ConfigException if there is anything wrong with it
   */
  public static Configuration ofRun(Path file, Settings commandLine) {
    Settings layers = commandLine.over(YamlSettings.read(file)).over(Presets.defaults());
    return of(file + commandLineOf(commandLine), layers);
  }

  private static String commandLineOf(Settings settings) {
    return settings.keys().isEmpty() ? "" : ", command line";
  }

  private static Configuration of(String origin, Settings layers) {
    List<String> known = RecordShape.keys(RunConfig.class, "", layers);
    for (String key : layers.keys()) {
      if (!known.contains(key)) {
        throw new ConfigException(
            "%s: unknown key '%s'; did you mean '%s'?"
                .formatted(
                    layers.where(key), key, NearestKey.of(key, known).orElse(Settings.FAMILY)));
      }
    }
    Settings complete = derive(layers);
    return new Configuration(
        origin, new RecordBinder(complete).bind(RunConfig.class, ""), complete);
  }

  private static Settings derive(Settings layers) {
    RecordBinder binder = new RecordBinder(layers);
    Settings complete = layers;
    if (complete.text(HEAD_SIZE).isEmpty()) {
      int dModel = binder.value(int.class, "model.dModel");
      int heads = binder.value(int.class, "model.heads");
      try {
        int headSize = ModelConfig.defaultHeadSize(dModel, heads);
        complete = complete.with(HEAD_SIZE, Integer.toString(headSize), "dModel / heads");
      } catch (IllegalArgumentException e) {
        throw new ConfigException(layers.where("model.heads") + ": model." + e.getMessage());
      }
    }
    if (complete.text(MEMORY).isEmpty()) {
      int context = binder.value(int.class, "model.context");
      complete = complete.with(MEMORY, Integer.toString(context), "as long as the context");
    }
    for (String key : PATHS) {
      // A run may be resumed from another working folder.
      if (complete.text(key).isPresent()) {
        String path = binder.value(Path.class, key).toAbsolutePath().normalize().toString();
        complete = complete.with(key, path, layers.where(key));
      }
    }
    return FamilyOptions.derive(complete);
  }

  /** What the feed-forward blocks were sized to; empty if they were not. */
  public Optional<DenseMatch> denseMatch() {
    return settings
        .text(Settings.MATCH_DENSE)
        .map(_ -> DenseMatch.of(settings, run.model().dModel(), run.model().feedForward()));
  }

  /** This configuration with another value for one key. */
  public Configuration with(String key, String value, String where) {
    return of(origin, settings.with(key, value, where));
  }

  /** The whole configuration as YAML, from which the same one is read again. */
  public String toYaml() {
    return "# The configuration of this run, from "
        + origin.replaceAll("\\R", " ")
        + ".\n"
        + YamlSettings.write(settings, RecordShape.keys(RunConfig.class, "", settings));
  }
}
