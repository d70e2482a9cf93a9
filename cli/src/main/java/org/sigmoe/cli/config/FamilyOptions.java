package org.sigmoe.cli.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Matched;
import org.sigmoe.nn.layer.ParameterMatching;

/** The options of the feed-forward family that nobody has written: what they are then. */
final class FamilyOptions {
  private FamilyOptions() {}

  /**
   * Settings with what the family says of its own options ({@link Default}), and with the size that
   * {@link Settings#MATCH_DENSE} gives it.
   *
   * @throws ConfigException if the family cannot be sized so, or if its size is written and another
   */
  static Settings derive(Settings settings) {
    Class<? extends Record> type = RecordShape.familyOptions(settings);
    Settings complete = withDefaults(settings, type, Settings.FAMILY_OPTIONS);
    return complete.text(Settings.MATCH_DENSE).isPresent() ? sized(complete, type) : complete;
  }

  private static Settings withDefaults(
      Settings settings, Class<? extends Record> type, String prefix) {
    Settings complete = settings;
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + component.getName();
      Default value = component.getAnnotation(Default.class);
      if (RecordShape.kind(component) instanceof RecordShape.Kind.Group(var group)) {
        complete = withDefaults(complete, group, key + ".");
      } else if (value != null && complete.text(key).isEmpty()) {
        complete = complete.with(key, value.value(), "default of the family");
      }
    }
    return complete;
  }

  private static Settings sized(Settings settings, Class<? extends Record> type) {
    String key = Settings.FAMILY_OPTIONS + sizeOf(type, settings);
    int dModel = new RecordBinder(settings).value(int.class, "model.dModel");
    int size;
    try {
      size =
          ParameterMatching.size(
              number -> options(settings, type, key, number), dModel, dense(settings));
    } catch (IllegalArgumentException e) {
      throw refusal(settings, String.valueOf(e.getMessage()));
    }
    String text = Integer.toString(size);
    Optional<String> written = settings.text(key);
    if (written.isPresent() && !written.get().equals(text)) {
      throw ConfigException.at(
          settings.where(key),
          key,
          "is %s, but %s (%s) makes it %s; leave one of them away, as --set %s="
              .formatted(
                  written.get(),
                  Settings.MATCH_DENSE,
                  settings.where(Settings.MATCH_DENSE),
                  text,
                  key));
    }
    return settings.with(key, text, settings.where(Settings.MATCH_DENSE));
  }

  /** The block to be as large as. */
  static DenseConfig dense(Settings settings) {
    int width = new RecordBinder(settings).value(int.class, Settings.MATCH_DENSE);
    try {
      return new DenseConfig(width);
    } catch (IllegalArgumentException e) {
      throw refusal(settings, String.valueOf(e.getMessage()));
    }
  }

  private static String sizeOf(Class<? extends Record> type, Settings settings) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.isAnnotationPresent(Matched.class))
        .map(RecordComponent::getName)
        .findFirst()
        .orElseThrow(
            () ->
                refusal(
                    settings,
                    "the family '%s' has no size that could be chosen"
                        .formatted(settings.text(Settings.FAMILY).orElse(""))));
  }

  /** The options with a size; a size that they refuse is an illegal argument. */
  private static FeedForwardConfig options(
      Settings settings, Class<? extends Record> type, String key, int size) {
    Settings tried = settings.with(key, Integer.toString(size), "this size");
    try {
      return (FeedForwardConfig) new RecordBinder(tried).bind(type, Settings.FAMILY_OPTIONS);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static ConfigException refusal(Settings settings, String problem) {
    return ConfigException.at(settings.where(Settings.MATCH_DENSE), Settings.MATCH_DENSE, problem);
  }
}
