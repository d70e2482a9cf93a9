package org.sigmoe.cli.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes records of settings. The records check their ranges themselves; a message that begins with
 * the name of a component and a colon is told with the key and with who set it.
 */
final class RecordBinder {
  private final Settings settings;

  RecordBinder(Settings settings) {
    this.settings = settings;
  }

  /**
   * Makes a record.
   *
   * @param prefix of its keys, empty or with a dot at its end
   * @throws ConfigException if a value is missing, of the wrong type or refused by the record
   */
  <R extends Record> R bind(Class<R> type, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments =
        Arrays.stream(components)
            .map(component -> value(component, prefix + component.getName()))
            .toArray();
    try {
      return constructor(type, components).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refusal(prefix, String.valueOf(refused.getMessage()));
      }
      throw new IllegalStateException("cannot make a " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type.getName(), e);
    }
  }

  /** The value of one key, which must be set. */
  <T> T value(Class<T> type, String key) {
    String text =
        settings
            .text(key)
            .orElseThrow(
                () ->
                    ConfigException.at(
                        settings.where(key), key, "is not set; give it, as --set " + key + "=..."));
    return parse(type, key, text);
  }

  private Object value(RecordComponent component, String key) {
    return switch (RecordShape.kind(component)) {
      case RecordShape.Kind.Required(Class<?> type) -> value(type, key);
      case RecordShape.Kind.MayBeMissing(Class<?> type) ->
          settings.text(key).map(text -> (Object) parse(type, key, text));
      case RecordShape.Kind.Group(Class<? extends Record> type) -> bind(type, key + ".");
      case RecordShape.Kind.Family() -> bind(RecordShape.familyOptions(settings), key + ".");
    };
  }

  @SuppressWarnings("unchecked") // Scalars.parse gives what it is asked for
  private <T> T parse(Class<T> type, String key, String text) {
    try {
      return (T) Scalars.parse(text, type);
    } catch (IllegalArgumentException e) {
      throw ConfigException.at(settings.where(key), key, String.valueOf(e.getMessage()));
    }
  }

  private static <R extends Record> Constructor<R> constructor(
      Class<R> type, RecordComponent[] components) throws NoSuchMethodException {
    return type.getDeclaredConstructor(
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
  }

  /** Finds the key that a record's message blames: its last word before the first colon. */
  private ConfigException refusal(String prefix, String message) {
    int colon = message.indexOf(':');
    if (colon > 0) {
      String blamed = message.substring(0, colon);
      String key = prefix + blamed.substring(blamed.lastIndexOf(' ') + 1);
      Optional<Setting> setting = settings.get(key);
      if (setting.isPresent()) {
        return ConfigException.at(setting.get().where(), key, message.substring(colon + 1).strip());
      }
    }
    return new ConfigException(prefix.isEmpty() ? message : prefix + " " + message);
  }
}
