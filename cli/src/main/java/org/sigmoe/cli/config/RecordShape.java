package org.sigmoe.cli.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.FeedForwards;

/**
 * How the keys of a configuration follow from the records that it is bound to: a component is a
 * key, a component that is a record a group of keys. The options of the feed-forward block are the
 * one group whose keys depend on a value, the family.
 */
final class RecordShape {

  /** What a component is bound to. */
  sealed interface Kind {
    /** A value that must be there. */
    record Required(Class<?> type) implements Kind {}

    /** A value that may be missing. */
    record MayBeMissing(Class<?> type) implements Kind {}

    /** A group of keys. */
    record Group(Class<? extends Record> type) implements Kind {}

    /** The options of a feed-forward family, the key that names it, and the one that sizes it. */
    record Family() implements Kind {}
  }

  private RecordShape() {}

  /** What a component of a record is bound to. */
  static Kind kind(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == FeedForwardConfig.class) {
      return new Kind.Family();
    }
    if (type.isRecord()) {
      return new Kind.Group(type.asSubclass(Record.class));
    }
    if (type == Optional.class) {
      ParameterizedType optional = (ParameterizedType) component.getGenericType();
      return new Kind.MayBeMissing((Class<?>) optional.getActualTypeArguments()[0]);
    }
    if (Scalars.isScalar(type)) {
      return new Kind.Required(type);
    }
    throw new IllegalStateException(component + " cannot be written in a configuration");
  }

  /**
   * All keys of a record, in its order.
   *
   * @param prefix of the keys, empty or with a dot at its end
   * @throws ConfigException if there is no feed-forward family of the name in {@code settings}
   */
  static List<String> keys(Class<? extends Record> type, String prefix, Settings settings) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component -> {
              String key = prefix + component.getName();
              return switch (kind(component)) {
                case Kind.Required _, Kind.MayBeMissing _ -> Stream.of(key);
                case Kind.Group(Class<? extends Record> group) ->
                    keys(group, key + ".", settings).stream();
                case Kind.Family() ->
                    Stream.concat(
                        Stream.of(Settings.FAMILY, Settings.MATCH_DENSE),
                        keys(familyOptions(settings), key + ".", settings).stream());
              };
            })
        .toList();
  }

  /** The record of the options of the chosen feed-forward family. */
  static Class<? extends Record> familyOptions(Settings settings) {
    String family =
        settings
            .text(Settings.FAMILY)
            .orElseThrow(
                () ->
                    ConfigException.at(
                        settings.where(Settings.FAMILY), Settings.FAMILY, "is not set"));
    try {
      return FeedForwards.family(family).configType().asSubclass(Record.class);
    } catch (IllegalArgumentException e) {
      throw ConfigException.at(
          settings.where(Settings.FAMILY), Settings.FAMILY, String.valueOf(e.getMessage()));
    }
  }
}
